.macro sum from=0, to=5
  .long \from
  .if \to-\from
  sum "(\from+1)",\to
  .endif
.endm
.data
 sum 0,5
 sum to=3
.macro reserve_str p1=0 p2
 .byte \p1
 .ifnb \p2
 .byte \p2
 .endif
.endm
 reserve_str 9
 reserve_str 9, 8
 reserve_str 7 6
 reserve_str p2=4, p1=3
.macro req a:req, b=2, rest:vararg
 .byte \a, \b
 .ifnb \rest
 .byte \rest
 .endif
.endm
 req 1
 req 1,5,6,7,8
 req a=3
.macro lab x
l\x\()_end: .word \@
.Lq\@: .word .Lq\@ - l\x\()_end
.endm
 lab a
 lab b
.irp r,1,2,3
 .half \r
.endr
.irp r 4 5
 .half \r
.endr
.irpc c,xyz9
 .ascii "\c"
.endr
.rept 3
 .byte 0xaa
 .rept 2
 .byte 0xbb
 .endr
.endr
.macro outer n
 .macro inner_\n v
  .byte \n, \v
 .endm
.endm
 outer 3
 inner_3 8
 OUTER 4
 inner_4 9
.purgem outer
.macro ex a
 .byte 1
 .if \a
 .exitm
 .endif
 .byte 2
.endm
 ex 0
 ex 1
.ifdef foo
 .byte 0
.else
 .byte 10
.endif
foo = 4
.ifdef foo
 .byte 11
.elseif 1
 .byte 12
.else
 .byte 13
.endif
.ifc a b, a b
 .byte 14
.endif
.ifnc a,b
 .byte 15
.endif
.ifeqs "x","x"
 .byte 16
.endif
.ifge -1
.byte 17
.elseif foo==4
.byte 18
.endif
.ifndef bar; .byte 19; .endif
.macro str s
 .asciz "\s"
 .asciz \s
.endm
.macro str2 s
 .asciz \s
.endm
.text
.macro push r:vararg
 addi sp, sp, -16
 .irp x, \r
 sd \x, 0(sp)
 .endr
.endm
 push a0, a1, s0
.macro ldx rd, addr
 ld \rd, \addr
.endm
 ldx a0, 8(sp)
 ldx a0 16(sp)
 ldx a1, foo + 4(a2)
.altmacro
.macro alt x, y
 LOCAL lbl
lbl: .word x, y
 j lbl
.endm
 alt 1, %(2+3)
 alt <7>, 8
.noaltmacro
.macro amp a
 .byte &a, \a
.endm
 .data
 amp 5
.macro def a="x y", b=(1 + 2)
 .ascii "\a"
 .byte \b
.endm
 def
 def "pq"
.macro cnt c=0
 .if \c < 3
 .byte \c
 cnt %(\c+1)
 .endif
.endm
.altmacro
 cnt
