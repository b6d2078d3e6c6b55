  .bss
  nop
  .word 5
  .ascii "x"
  .word 0
  .data
  .byte 300
  .half x
  .word x + y
  .word -x
  .word 1/0
  .org 2
  .space 1 << 62
  .space 1 << 29
x: y:
