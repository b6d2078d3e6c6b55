  addi a0, a0, (1
  .word 1,,2
  .byte
  .word 1 2
  "no string
  = 5
  5 5
  .ascii unquoted
  .section
  .globl 5
x y: nop
  .float 1.5, fast
  .word 0x1ffffffffffffffff, 08
  @
