  add a0, a1
  add a0, a1, a2, a3
  ret a0
  lw a0, 4(a1
  lw a0, 4 a1
  beqz a0
  ecall 5
  ta.mma.i8.i8 mc0, mt0
