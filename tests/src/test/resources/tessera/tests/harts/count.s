# Every hart adds 500 to a counter by load-reserved and store-conditional; then hart 0 wakes the others by
# software interrupts, each rewrites an instruction that it runs itself, and the last one ends the run.
        .globl  _start
_start: csrr    s0, mhartid
        la      s1, counter
        li      s2, 500
1:      lr.w    t0, (s1)
        addi    t0, t0, 1
        sc.w    t1, t0, (s1)
        bnez    t1, 1b
        addi    s2, s2, -1
        bnez    s2, 1b
        la      s3, arrived
        li      t0, 1
        amoadd.w zero, t0, (s3)
        beqz    s0, first
        csrwi   mie, 8                  # not taken, but it ends the waiting
        wfi
        la      t1, patched             # addi a0, a0, 1 becomes addi a0, a0, 2
        lw      t2, (t1)
        li      a0, 0
        call    patched
        la      t3, ready
2:      lw      t4, (t3)                # hart 0 has rewritten it
        beqz    t4, 2b
        fence.i
        call    patched
        la      s4, woken
        amoadd.w zero, a0, (s4)
3:      j       3b
first:  li      t2, 4
2:      lw      t1, (s3)
        bne     t1, t2, 2b
        li      t3, 0x2000000
        sw      t0, 4(t3)
        sw      t0, 8(t3)
        sw      t0, 12(t3)
        li      t2, 3000
2:      addi    t2, t2, -1
        bnez    t2, 2b
        la      t1, patched
        la      t2, other
        lw      t2, (t2)
        sw      t2, (t1)
        la      t1, ready
        sw      t0, (t1)
        la      s4, woken
        li      t2, 9                   # each of three has seen 1 and then 2
4:      lw      t1, (s4)
        bne     t1, t2, 4b
        lw      a0, (s1)
        addi    a0, a0, -2000
        slli    a0, a0, 1
        ori     a0, a0, 1
        la      t0, tohost
        sd      a0, 0(t0)
5:      j       5b
        .balign 64
patched: addi   a0, a0, 1
        ret
other:  addi    a0, a0, 2
        .data
        .balign 64
counter: .word  0
        .balign 64
arrived: .word  0
woken:  .word   0
ready:  .word   0
        .section .tohost,"aw",@progbits
        .balign 64
        .globl  tohost
tohost: .dword  0
