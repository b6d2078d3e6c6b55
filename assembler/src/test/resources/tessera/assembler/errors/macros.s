.macro load_pair r
  lw \r, 0(a0)
  addi \r, \r, 5000
  ld v1, (a0)
.endm
  load_pair a1
  load_pair a2
.macro rec
 rec
 rec
.endm
 rec
.macro nobody a
 nop
 .include "not-there.s"
 .if 1
 .endm
 .else
 nobody 1, 2
 nobody b=2
.macro need a:req
.endm
 need
 .endr
 .rept 10000
 .rept 10000
 nop
 .endr
 .endr
 .foobar
 .globl
 .secton .text
 .if foo
.macro unterminated
 nop
