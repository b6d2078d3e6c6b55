# C = A . B-transposed on tiles: C is M x N int32, A is M x K int8, B is N x K int8.
# One binary for every tile size: the loops step by what ta.setm, ta.setn and ta.setk grant.
#
#   ./tessera run examples/gemm-i8.s
#   ./tessera run --machine tiny4 --counters examples/gemm-i8.s
#
# The program fills A and B, multiplies (region 1 of the report), checks every row of C, and prints a checksum that is the
# same on every machine.

        .equ    M, 512
        .equ    N, 512
        .equ    K, 512

        .section .rodata
hex:    .ascii  "0123456789abcdef"
bad:    .ascii  "C = A*B 512x512x512 int8: WRONG\n"
bad_end:
        .data
good:   .ascii  "C = A*B 512x512x512 int8: ok, checksum 0x"
digits: .ascii  "00000000\n"
good_end:

        .bss
        .align  6
A:      .zero   M * K
B:      .zero   N * K
C:      .zero   4 * M * N
sums:   .zero   4 * K

        .text
        .globl  _start
_start:
        la      a0, A                   # fill A and B with bytes of a linear congruential sequence
        li      a1, M * K + N * K
        li      a2, 12345
        call    fill

        la      a0, A
        la      a1, B
        la      a2, C
        li      a3, M
        li      a4, N
        li      a5, K
        slti    x0, x0, 1               # region 1 begins
        call    gemm
        slti    x0, x0, -1              # region 1 ends

        call    check
        bnez    a0, wrong
        call    checksum
        call    print
        li      a0, 0
        j       exit
wrong:
        la      a1, bad
        li      a2, bad_end - bad
        call    write
        li      a0, 1
exit:
        li      a7, 93
        ecall

# gemm: a0 = A, a1 = B, a2 = C, a3 = M, a4 = N, a5 = K; rows lie one after the other.
# Per block of C: 2*TMMAX x 2*TNMAX elements in the four accumulators, K in steps of what an operand row holds.
gemm:
        slli    s0, a4, 2               # bytes of a row of C
i:      ta.setm s1, a3, g2              # rows of this block
        mv      s3, a2
        mv      s6, a1
        mv      s4, a4
j:      ta.setn s5, s4, g2, e32         # columns of this block
        mv      t1, a0
        mv      t3, s6
        ta.setk t0, a5, e8              # the first step starts from zero
        ta.ld.a.e8 mt0, (t1), a5
        ta.ld.b.e8 mt4, (t3), a5
        add     t1, t1, t0
        add     t3, t3, t0
        sub     t5, a5, t0
        ta.mma.i8.i8.z mc0, mt0, mt4
        beqz    t5, done
k:      ta.setk t0, t5, e8
        ta.ld.a.e8 mt0, (t1), a5
        ta.ld.b.e8 mt4, (t3), a5
        add     t1, t1, t0
        add     t3, t3, t0
        sub     t5, t5, t0
        ta.mma.i8.i8 mc0, mt0, mt4
        bnez    t5, k
done:   ta.st.c.e32 mc0, (s3), s0
        sub     s4, s4, s5
        slli    t0, s5, 2
        add     s3, s3, t0
        mul     t0, s5, a5
        add     s6, s6, t0
        bnez    s4, j
        sub     a3, a3, s1
        mul     t0, s1, a5
        add     a0, a0, t0
        mul     t0, s1, s0
        add     a2, a2, t0
        bnez    a3, i
        ta.zap
        ret

# fill: a0 = where, a1 = bytes, a2 = seed
fill:
        li      t0, 1103515245
        li      t1, 12345
1:      mulw    a2, a2, t0
        addw    a2, a2, t1
        srliw   t2, a2, 16
        sb      t2, 0(a0)
        addi    a0, a0, 1
        addi    a1, a1, -1
        bnez    a1, 1b
        ret

# check: for every row i, the sum of C[i, :] is the product of A[i, :] with the column sums of B. a0 = 0 when all agree.
check:
        la      t0, sums                # sums[k] = sum over n of B[n, k]
        la      t1, B
        li      t2, 0
1:      add     t3, t1, t2
        li      t4, N
        li      t5, 0
2:      lb      t6, 0(t3)
        addw    t5, t5, t6
        addi    t3, t3, K
        addi    t4, t4, -1
        bnez    t4, 2b
        sw      t5, 0(t0)
        addi    t0, t0, 4
        addi    t2, t2, 1
        li      t6, K
        bne     t2, t6, 1b

        la      a1, A
        la      a2, C
        li      a3, M
3:      la      t0, sums
        li      t1, K
        li      t2, 0
4:      lb      t3, 0(a1)
        lw      t4, 0(t0)
        mulw    t3, t3, t4
        addw    t2, t2, t3
        addi    a1, a1, 1
        addi    t0, t0, 4
        addi    t1, t1, -1
        bnez    t1, 4b
        li      t1, N
5:      lw      t3, 0(a2)
        subw    t2, t2, t3
        addi    a2, a2, 4
        addi    t1, t1, -1
        bnez    t1, 5b
        bnez    t2, 6f
        addi    a3, a3, -1
        bnez    a3, 3b
        li      a0, 0
        ret
6:      li      a0, 1
        ret

# checksum: a0 = the words of C folded into 32 bits
checksum:
        la      a1, C
        li      a2, M * N
        li      a0, 0
        li      t1, 31
1:      lw      t0, 0(a1)
        mulw    a0, a0, t1
        addw    a0, a0, t0
        addi    a1, a1, 4
        addi    a2, a2, -1
        bnez    a2, 1b
        ret

# print: writes the line with the checksum in a0
print:
        mv      t6, ra
        la      t0, digits
        la      t1, hex
        li      t2, 28
1:      srlw    t3, a0, t2
        andi    t3, t3, 15
        add     t3, t1, t3
        lbu     t3, 0(t3)
        sb      t3, 0(t0)
        addi    t0, t0, 1
        addi    t2, t2, -4
        bgez    t2, 1b
        la      a1, good
        li      a2, good_end - good
        call    write
        mv      ra, t6
        ret

# write: a1 = text, a2 = bytes
write:
        li      a0, 1
        li      a7, 64
        ecall
        ret
