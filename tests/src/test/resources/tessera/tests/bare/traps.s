# Exceptions with their cause, mepc and mtval
test:   case 2
        traps   2, .4byte 0
        expect  s10, 0
        traps   2, .4byte 0x0000300b
        expect  s10, 0x300b
        case 3
        traps   3, ebreak
        traps   11, ecall
        expect  s10, 0
        case 4                          # mepc is the instruction's own
        la      t0, 1f
        traps   2, 1: .4byte 0xffffffff
        bne     s11, t0, fail
        case 5                          # nothing is there
        lui     t0, 0x50000
        traps   5, lw t1, 4(t0)
        addi    t2, t0, 4
        bne     s10, t2, fail
        traps   7, sd t1, 8(t0)
        traps   7, amoadd.w t1, t1, (t0)
        traps   5, lr.w t1, (t0)
        traps   7, sc.w t1, t1, (t0)
        case 6                          # misaligned atomic accesses
        la      t0, data + 1
        traps   6, amoadd.w t1, t1, (t0)
        bne     s10, t0, fail
        traps   4, lr.w t1, (t0)
        traps   6, sc.d t1, t1, (t0)
        case 7                          # other misaligned ones work
        li      t1, 0x01020304
        sw      t1, 0(t0)
        lw      t2, 0(t0)
        bne     t1, t2, fail
        lbu     t2, 1(t0)
        expect  t2, 3
        case 8                          # a jump to nowhere: the fetch faults, at its own address
        la      ra, 1f
        lui     t0, 0x50000
        li      s9, 1
        jr      t0
        j       fail
1:      expect  s8, 1
        bne     s10, t0, fail
        bne     s11, t0, fail
        li      ra, 0
        case 9                          # rd stays when a load traps
        li      t1, 77
        lui     t0, 0x50000
        traps   5, ld t1, 0(t0)
        expect  t1, 77
        case 10                         # the trap's state
        csrsi   mstatus, 8
        traps   3, ebreak
        csrr    t0, mstatus
        andi    t0, t0, 0x88
        expect  t0, 0x88
        csrci   mstatus, 8
        traps   3, ebreak
        csrr    t0, mstatus
        andi    t0, t0, 0x88
        expect  t0, 0x80
        j       pass
        .data
        .balign 16
data:   .dword 0, 0
