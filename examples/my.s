# Uses the instruction of my.isa: a dot product of 32 bytes, checked against a loop, then one that saturates.
#   ./tessera run --isa examples/my.isa examples/my.s
        .section .rodata
        .align  3
left:
        .byte   1, -2, 3, -4, 5, -6, 7, -8, 127, -128, 127, -128, 0, 1, 2, 3
        .byte   11, 12, 13, 14, 15, 16, 17, 18, -1, -2, -3, -4, -5, -6, -7, -8
right:
        .byte   9, 8, 7, 6, 5, 4, 3, 2, 127, -128, -128, 127, 50, 60, 70, 80
        .byte   -1, 1, -1, 1, -1, 1, -1, 1, 8, 7, 6, 5, 4, 3, 2, 1
good:   .ascii  "dot8.sat: ok\n"
good_end:
bad:    .ascii  "dot8.sat: WRONG\n"
bad_end:

        .text
        .globl  _start
_start:
        la      a1, left
        la      a2, right
        li      a3, 4
        li      a0, 0
1:      ld      t0, 0(a1)
        ld      t1, 0(a2)
        dot8.sat a0, t0, t1
        addi    a1, a1, 8
        addi    a2, a2, 8
        addi    a3, a3, -1
        bnez    a3, 1b

        la      a1, left                # the same, a byte at a time
        la      a2, right
        li      a3, 32
        li      a4, 0
2:      lb      t0, 0(a1)
        lb      t1, 0(a2)
        mul     t0, t0, t1
        add     a4, a4, t0
        addi    a1, a1, 1
        addi    a2, a2, 1
        addi    a3, a3, -1
        bnez    a3, 2b
        bne     a0, a4, wrong

        li      a0, 0x7fffffff          # saturates
        li      t0, -1
        dot8.sat a0, t0, t0
        li      t1, 0x7fffffff
        bne     a0, t1, wrong

        la      a1, good
        li      a2, good_end - good
        li      a3, 0
        j       say
wrong:
        la      a1, bad
        li      a2, bad_end - bad
        li      a3, 1
say:
        li      a0, 1
        li      a7, 64
        ecall
        mv      a0, a3
        li      a7, 93
        ecall
