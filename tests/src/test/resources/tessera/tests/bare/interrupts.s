# Timer and software interrupts, vectored and not, and waiting for them
        .macro  stop
        li      t0, 0x2004000
        li      t1, -1
        sd      t1, 0(t0)
        .endm
test:   la      t0, vectors
        ori     t0, t0, 1
        csrw    mtvec, t0
        li      s7, 0
        case 2                          # the software interrupt is taken behind the store
        li      t0, 8
        csrw    mie, t0
        csrsi   mstatus, 8
        li      t0, 0x2000000
        li      t1, 1
        sw      t1, 0(t0)
1:      la      t2, 1b
        bne     s11, t2, fail
        expect  s7, 1
        li      t2, -0x8000000000000000
        addi    t2, t2, 3
        bne     s8, t2, fail
        case 3                          # masked, it waits; wfi sees it all the same
        csrci   mstatus, 8
        sw      t1, 0(t0)
        csrr    t2, mip
        expect  t2, 8
        wfi
        expect  s7, 1
        csrsi   mstatus, 8              # and now
        expect  s7, 2
        case 4                          # the timer wakes, and mepc is behind the wfi
        li      t0, 0x80
        csrw    mie, t0
        li      t0, 0x200bff8
        ld      t1, 0(t0)
        addi    t1, t1, 50
        li      t0, 0x2004000
        sd      t1, 0(t0)
        wfi
1:      la      t2, 1b
        bne     s11, t2, fail
        expect  s7, 3
        csrr    t2, time
        bltu    t2, t1, fail
        case 5                          # a loop is interrupted
        li      t0, 0x200bff8
        ld      t1, 0(t0)
        addi    t1, t1, 3
        li      t0, 0x2004000
        sd      t1, 0(t0)
1:      li      t2, 4
        bne     s7, t2, 1b
        case 6                          # user mode is always interrupted; the exception vector is the base
        csrci   mstatus, 8
        li      t0, 8
        csrw    mie, t0
        li      t0, 0x1880
        csrc    mstatus, t0
        la      t0, 2f
        csrw    mepc, t0
        mret
2:      li      t0, 0x2000000
        li      t1, 1
        sw      t1, 0(t0)
        expect  s7, 5
        li      a0, 0
        ecall
        .balign 4
vectors:
        j       handler
        .skip   8
        j       software
        .skip   12
        j       timer
software:
        li      t4, 0x2000000
        sw      x0, 0(t4)
        j       taken
timer:  li      t4, 0x2004000
        li      t5, -1
        sd      t5, 0(t4)
taken:  addi    s7, s7, 1
        csrr    s8, mcause
        csrr    s11, mepc
        mret
