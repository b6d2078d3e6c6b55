  .foo
  .wrod 5
  .align 64
  .balign 3
  .align x
  .space x
  .fill 1, 9, 0
  .section .x, "aq"
  .section .x, "a", @what
  .type x, @thing
  .option fast
  .option pop
  .popsection
  .attribute arch, "rv64x"
  .attribute arch, "rv64gcv"
  .option rvc
  .macro m
  frobnicate
  .endm
  .rept 5
  nop
  .endr
  .if 1
  nop
  .endif
  .include "x.inc"
  .comm x, 4, 3
  .org 0
  .nope
