  ta.ld.a.e8 v1, (a0), a1
  ta.ld.a.e8 mt9, (a0), a1
  add a0, b1, a2
  add a0, fa1, a2
  fadd.s fa0, fa1, fa2, rup2
  addi a0, a1, symbol
  addi a0, a1, later - earlier
  lw a0, %hi(symbol)(a1)
  csrr a0, fcrs
  addi a0, a1, 1 +
  ta.setm t0, t1, g3
  li a0, symbol
earlier: nop
  beqz a0, later
later:
