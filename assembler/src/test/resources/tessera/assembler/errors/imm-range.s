  addi a0, a1, 5000
  add a0, a1, -2049
  lw a0, 2048(sp)
  slli a0, a0, 64
  slliw a0, a0, 32
  lui a0, -1
  csrwi fflags, 32
  fence 3, w
