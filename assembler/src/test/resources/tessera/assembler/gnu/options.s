.option arch, -c
nop
.option arch, +c
nop
.option arch, rv64gc
nop
.option push
.option arch, rv64i
addi a0,a0,1
.option pop
addi a0,a0,1
.insn 0x4501
.insn 2, 0x4501
.insn 4, 0x00000013
.insn cr 2, 8, a0, a1
.insn ci 1, 2, a0, 3
.insn ca 1, 0x23, 0, a0, a1
.insn cb 1, 6, a0, f
f: .insn cj 1, 5, f
.insn cl 0, 2, a0, 0(a1)
.insn cs 0, 6, a0, 0(a1)
.insn ciw 0, 0, a0, 3
.insn css 2, 6, a0, 3
.insn r 0x33, 0, 0, a0, a1, a2
