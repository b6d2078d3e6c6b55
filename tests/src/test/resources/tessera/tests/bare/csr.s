# Fields of CSRs, their legal values, and who may reach them
test:   case 2
        csrwi   mscratch, 3
        csrrw   t0, mscratch, x0
        expect  t0, 3
        csrrsi  t0, mscratch, 9
        expect  t0, 0
        csrrci  t0, mscratch, 1
        expect  t0, 9
        csrr    t0, mscratch
        expect  t0, 8
        case 3                          # mtvec.mode 2 and 3 are reserved and leave the old one
        csrr    s0, mtvec
        ori     t0, s0, 3
        csrw    mtvec, t0
        csrr    t1, mtvec
        bne     t1, s0, fail
        case 4                          # MPP knows 0 and 3
        li      t0, 0x1800
        csrs    mstatus, t0
        li      t0, 0x0800
        csrc    mstatus, t0             # asks for 2
        csrr    t1, mstatus
        li      t2, 0x1800
        and     t1, t1, t2
        expect  t1, 0x1800
        csrc    mstatus, t2
        csrr    t1, mstatus
        and     t1, t1, t2
        expect  t1, 0
        case 5                          # mepc's low bit is no bit
        li      t0, -1
        csrw    mepc, t0
        csrr    t1, mepc
        andi    t1, t1, 1
        expect  t1, 0
        case 6                          # read-only, unknown, and read-only that is only read
        traps   2, csrw mhartid, x0
        traps   2, csrr t0, 0x5c0
        traps   2, csrrw t0, cycle, t0
        csrr    t0, mhartid
        expect  t0, 0
        traps   2, csrr t0, 0x140
        traps   2, csrr t0, 0x180
        case 7                          # mtval has the word
        traps   2, .4byte 0x5c0022f3    # csrr t0, 0x5c0
        expect  s10, 0x5c0022f3
        case 8                          # counters count, stop, and hold what is written
        csrr    t0, minstret
        csrr    t1, minstret
        sub     t1, t1, t0
        expect  t1, 1
        csrwi   minstret, 7
        csrr    t0, minstret
        expect  t0, 7
        csrsi   mcountinhibit, 4
        csrr    t0, minstret
        nop
        nop
        csrr    t1, minstret
        bne     t0, t1, fail
        csrci   mcountinhibit, 4
        case 9                          # event counters are there and count nothing
        li      t0, -1
        csrw    mhpmevent3, t0
        csrwi   mhpmcounter31, 5
        csrr    t1, mhpmcounter31
        expect  t1, 5
        case 10                         # locked protection stays
        li      t0, 0x80000000 >> 2
        csrw    pmpaddr8, t0
        li      t0, 0x98                # entry 8: locked, NAPOT, nothing
        li      t1, 0x10000000000 >> 2
        csrw    pmpaddr8, t1
        csrw    pmpcfg2, t0
        csrw    pmpcfg2, x0
        csrr    t2, pmpcfg2
        bne     t2, t0, fail
        csrw    pmpaddr8, x0
        csrr    t2, pmpaddr8
        bne     t2, t1, fail
        traps   2, csrr t0, 0x3a1     # odd ones do not exist in RV64
        j       pass
