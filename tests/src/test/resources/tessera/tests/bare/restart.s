# Loops that can be resumed: a trap, or an interrupt, between two steps leaves the earlier ones done and says in
# vstart where to go on; the instruction then ends as if nothing had been.
test:   csrwi   mcounteren, 7
        case 2                          # protection denies the second page to user mode
        la      t0, buffer + 4096
        srli    t0, t0, 2
        ori     t0, t0, 0x1ff
        csrw    pmpaddr0, t0
        li      t0, -1
        csrw    pmpaddr1, t0
        li      t0, 0x1f18
        csrw    pmpcfg0, t0
        la      t3, buffer + 4096 - 16
        li      t1, 8
        la      ra, 1f
        li      s9, 5
        li      t0, 0x1800
        csrc    mstatus, t0
        la      t0, 2f
        csrw    mepc, t0
        mret
2:      vsetvli t2, t1, e32, m1, ta, ma
        vle32.v v1, (t3)
        ecall
        j       fail
1:      la      t4, buffer + 4096
        bne     s10, t4, fail
        csrr    t4, vstart
        expect  t4, 4
        li      t0, 0x1f00              # let it go on
        csrw    pmpcfg0, t0
        csrw    mepc, s11
        la      ra, 1f
        li      s9, 8
        li      t0, 0x1800
        csrc    mstatus, t0
        mret
1:      csrr    t4, vstart
        expect  t4, 0
        li      ra, 0
        vmv.x.s t4, v1
        expect  t4, 1
        vslidedown.vi v2, v1, 3
        vmv.x.s t4, v2
        expect  t4, 4
        vslidedown.vi v2, v1, 7
        vmv.x.s t4, v2
        expect  t4, 8
        case 3                          # a store to the timer's registers interrupts its own loop
        la      t0, taken
        csrw    mtvec, t0
        li      t0, 8
        csrw    mie, t0
        vsetivli x0, 4, e32, m1, ta, ma
        vmv.v.i v3, 1
        li      t3, 0x2000000 - 8       # elements 0 and 1 lie before msip, in nothing
        csrwi   vstart, 2
        csrsi   mstatus, 8
3:      vse32.v v3, (t3)
        csrci   mstatus, 8
        expect  s7, 1
        expect  s6, 3
        la      t4, 3b
        bne     s11, t4, fail
        csrr    t4, vstart
        expect  t4, 0
        la      t0, handler
        csrw    mtvec, t0
        j       pass
        .balign 4
taken:  addi    s7, s7, 1
        csrr    s6, vstart
        csrr    s11, mepc
        li      t4, 0x2000000
        sw      x0, 0(t4)
        mret
        .data
        .balign 4096
        .skip   4096 - 16
        .word   1, 2, 3, 4, 5, 6, 7, 8
        .equ    buffer, . - 4096 - 16
        .skip   4096
