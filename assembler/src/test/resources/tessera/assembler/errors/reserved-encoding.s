  ta.ld.a.e8 mc0, (a0)
  ta.pack.cvt.bf16 mr0, mc0, a0
  .insn r CUSTOM_0, 9, 0, a0, a1, a2
  .insn 4, 0x10001
