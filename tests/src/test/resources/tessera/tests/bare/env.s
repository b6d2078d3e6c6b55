# The environment of our bare-metal tests: HTIF's tohost and fromhost, a trap handler that skips what it
# is told to expect, and a start that gets along with machines that lack what it tries to set up.
# A test is a number in gp; it fails with that number.
        .macro  case n
        li      gp, \n
        .endm
        .macro  expect reg, value
        li      t6, \value
        bne     \reg, t6, fail
        .endm
# Runs an instruction that must trap with this cause; s10 has mtval then, s11 mepc.
        .macro  traps cause, insn:vararg
        li      s9, \cause
        li      s8, -1
        \insn
        bne     s8, s9, fail
        li      s9, -1
        .endm

        .section .text.init,"ax",@progbits
        .globl  _start
_start: li      gp, 0
        li      s9, -1
        csrr    a0, mhartid
0:      bnez    a0, 0b
        la      t0, skip                # what may not exist: a trap goes on behind it
        csrw    mtvec, t0
        csrwi   0x302, 0                # medeleg
        .balign 4
skip:   la      t0, skip2
        csrw    mtvec, t0
        li      t0, -1                  # all of memory, for user mode
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        .balign 4
skip2:  la      t0, handler
        csrw    mtvec, t0
        li      t0, 0x6600              # mstatus.FS and VS dirty, where they exist
        csrs    mstatus, t0
        j       test

        .balign 4
handler:
        csrr    s8, mcause
        bne     s8, s9, unexpected
        csrr    s10, mtval
        csrr    s11, mepc
        li      t5, 0x1800              # back to machine mode
        csrs    mstatus, t5
        bgez    ra, 1f                  # ra < 0: go on behind the instruction
        li      ra, 0
        lhu     t5, 0(s11)
        andi    t5, t5, 3
        addi    t5, t5, -3
        snez    t5, t5
        slli    t5, t5, 1
        addi    s11, s11, 4
        sub     t5, s11, t5
        csrw    mepc, t5
        csrr    s11, mepc
        mret
1:      la      t5, handler
        beqz    ra, 2f
        csrw    mepc, ra
        mret
2:      addi    t5, s11, 4
        csrw    mepc, t5
        mret
unexpected:
        li      t5, 8
        beq     s8, t5, exit            # ecalls end the test: a0 has the result
        li      t5, 11
        beq     s8, t5, exit
fail:   beqz    gp, 1f
        slli    a0, gp, 1
        ori     a0, a0, 1
        j       report
1:      li      a0, 1337 << 1 | 1
        j       report
pass:   li      gp, 1
        li      a0, 0
        ecall
exit:   slli    a0, a0, 1
        ori     a0, a0, 1
report: la      t5, tohost
        sd      a0, 0(t5)
1:      j       1b

        .section .tohost,"aw",@progbits
        .balign 64
        .globl  tohost
tohost: .dword  0
        .balign 64
        .globl  fromhost
fromhost: .dword 0
        .text
