# Without compressed instructions a jump's target is a multiple of 4; the jump itself traps
test:   case 2
        la      ra, 1f
        la      t0, 1f + 2
        li      s9, 0
0:      jalr    t1, 0(t0)
        j       fail
1:      expect  s8, 0
        bne     s10, t0, fail
        la      t2, 0b
        bne     s11, t2, fail
        case 3                          # a branch that is not taken does not ask
        .option norvc
        la      ra, 2f
        li      s9, -1
        bne     x0, x0, 2f + 2
        li      s9, 0
        beq     x0, x0, 2f + 2
        j       fail
        nop
2:      li      ra, 0
        expect  s8, 0
        case 4                          # bit 0 of the target is dropped
        li      s9, -1
        la      t0, 3f + 1
        jalr    t1, 0(t0)
        j       fail
        nop
3:      j       pass
