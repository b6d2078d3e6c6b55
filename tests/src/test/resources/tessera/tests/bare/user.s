# User mode: what it may not, and how it comes back
        .macro  user to
        la      t0, \to
        csrw    mepc, t0
        li      t0, 0x1800
        csrc    mstatus, t0
        mret
        .endm
test:   case 2
        la      ra, 1f
        li      s9, 8
        user    2f
2:      ecall
        j       fail
1:      la      t0, 2b
        bne     s11, t0, fail
        expect  s8, 8
        case 3                          # CSRs of the machine, and its instructions
        la      ra, 1f
        li      s9, 2
        user    2f
2:      csrr    t1, mscratch
        j       fail
1:      la      ra, 1f
        user    2f
2:      mret
        j       fail
1:      expect  s10, 0x30200073
        case 4                          # counters only where they are let through
        csrwi   mcounteren, 0
        la      ra, 1f
        user    2f
2:      csrr    t1, cycle
        j       fail
1:      csrwi   mcounteren, 7
        la      ra, 1f
        li      s9, 8
        user    2f
2:      csrr    t1, cycle
        csrr    t1, time
        csrr    t1, instret
        ecall
        j       fail
1:      case 5                          # wfi under TW
        li      t0, 0x200000
        csrs    mstatus, t0
        la      ra, 1f
        li      s9, 2
        user    2f
2:      wfi
        j       fail
1:      li      t0, 0x200000
        csrc    mstatus, t0
        case 6                          # memory protection: the second page may only be read
        la      t0, secret
        srli    t0, t0, 2
        ori     t0, t0, 0x1ff
        csrw    pmpaddr0, t0
        li      t0, -1
        csrw    pmpaddr1, t0
        li      t0, 0x1f19
        csrw    pmpcfg0, t0
        la      t3, secret
        la      ra, 1f
        li      s9, 7
        user    2f
2:      lw      t4, 0(t3)
        sw      t4, 0(t3)
        j       fail
1:      bne     s10, t3, fail
        expect  t4, 1234
        la      ra, 1f
        li      s9, 1
        la      t0, secret
        csrw    mepc, t0
        li      t0, 0x1800
        csrc    mstatus, t0
        mret
1:      bne     s10, t3, fail
        sw      x0, 4(t3)               # machine mode may
        case 7                          # MPRV: machine mode as user
        li      t0, 0x1800
        csrc    mstatus, t0
        li      t0, 0x20000
        csrs    mstatus, t0
        la      ra, 1f
        li      s9, 7
        sw      x0, 4(t3)
        j       fail
1:      li      t0, 0x20000
        csrc    mstatus, t0
        li      ra, 0
        case 8                          # nothing is on: user mode may nothing at all
        csrw    pmpcfg0, x0
        la      ra, 1f
        li      s9, 1
        user    2f
2:      j       fail
1:      la      t0, 2b
        bne     s10, t0, fail
        li      a0, 0                   # exits through an ecall from user mode
        li      t0, 0x1f00
        csrw    pmpcfg0, t0
        li      s9, -1
        li      ra, 0
        user    2f
2:      li      a0, 0
        ecall
        .data
        .balign 4096
secret: .word 1234, 5678
        .balign 4096
