# Reads cases from standard input, runs the word of each in its state, writes the states after.
        .option norvc
        .option norelax
        .equ    OUT, 1024
        .equ    MEM, 0x10000000
        .globl  _start
        .section .text, "awx"
_start: la      gp, area
        li      a0, MEM                 # two pages of memory with nothing around them
        li      a1, 8192
        li      a2, 3
        li      a3, 0x32
        li      a4, -1
        li      a5, 0
        li      a7, 222
        ecall
        la      a0, altstack
        li      a1, 0
        li      a7, 132
        ecall
        la      s0, signals
1:      lw      a0, 0(s0)
        beqz    a0, next
        la      a1, action
        li      a2, 0
        li      a3, 8
        li      a7, 134
        ecall
        addi    s0, s0, 4
        j       1b

next:   mv      s1, gp                  # header, then vector registers
        li      s2, 576
        jal     ra, fill
        li      s1, 2048
        add     s1, s1, gp
        csrr    s2, vlenb
        slli    s2, s2, 5
        jal     ra, fill
        la      t0, template
        li      t1, MEM
        li      t2, 8192
2:      ld      t3, 0(t0)
        sd      t3, 0(t1)
        addi    t0, t0, 8
        addi    t1, t1, 8
        addi    t2, t2, -8
        bnez    t2, 2b
        lw      t0, 552(gp)
        la      t1, slot
        sw      t0, 0(t1)
        fence.i
        addi    t0, gp, 2047
        addi    t0, t0, 1
        csrr    t1, vlenb
        slli    t1, t1, 3
        vl8re8.v v0, (t0)
        add     t0, t0, t1
        vl8re8.v v8, (t0)
        add     t0, t0, t1
        vl8re8.v v16, (t0)
        add     t0, t0, t1
        vl8re8.v v24, (t0)
        ld      t0, 536(gp)
        ld      t1, 544(gp)
        vsetvl  x0, t0, t1
        ld      t0, 512(gp)
        csrw    fcsr, t0
        ld      t0, 520(gp)
        csrw    vcsr, t0
        ld      t0, 528(gp)
        csrw    vstart, t0
        .altmacro
        .macro  loadf n
        fld     f\n, 256+8*\n(gp)
        .endm
        .macro  storef n
        fsd     f\n, OUT+304+8*\n(gp)
        .endm
        .macro  loadx n
        ld      x\n, 8*\n(gp)
        .endm
        .macro  storex n
        sd      x\n, OUT+8+8*\n(gp)
        .endm
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        loadf   \n
        .endr
        .irp n, 1,2,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        loadx   \n
        .endr
slot:   nop
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        storex  \n
        .endr
        sd      zero, OUT(gp)
dump:   csrr    t0, vstart
        sd      t0, OUT+264(gp)
        csrr    t0, vl
        sd      t0, OUT+272(gp)
        csrr    t0, vtype
        sd      t0, OUT+280(gp)
        csrr    t0, vcsr
        sd      t0, OUT+288(gp)
        csrr    t0, fcsr
        sd      t0, OUT+296(gp)
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        storef  \n
        .endr
        csrw    vstart, zero
        li      t0, 32768
        add     t0, t0, gp
        mv      s1, t0
        csrr    t1, vlenb
        slli    t1, t1, 3
        vs8r.v  v0, (t0)
        add     t0, t0, t1
        vs8r.v  v8, (t0)
        add     t0, t0, t1
        vs8r.v  v16, (t0)
        add     t0, t0, t1
        vs8r.v  v24, (t0)
        mv      s3, s1
        addi    s1, gp, OUT
        li      s2, 576
        jal     ra, put
        mv      s1, s3
        csrr    s2, vlenb
        slli    s2, s2, 5
        jal     ra, put
        ld      t0, 560(gp)
        beqz    t0, 3f
        li      s1, MEM
        li      s2, 8192
        jal     ra, put
3:      j       next

fill:   li      a0, 0
        mv      a1, s1
        mv      a2, s2
        li      a7, 63
        ecall
        blez    a0, quit
        add     s1, s1, a0
        sub     s2, s2, a0
        bnez    s2, fill
        ret
put:    li      a0, 1
        mv      a1, s1
        mv      a2, s2
        li      a7, 64
        ecall
        add     s1, s1, a0
        sub     s2, s2, a0
        bnez    s2, put
        ret
quit:   li      a0, 0
        li      a7, 93
        ecall

handler: la     gp, area
        sd      a0, OUT(gp)
        j       dump

        .data
        .balign 8
signals: .word  4, 5, 7, 8, 11, 0
        .balign 8
action: .dword  handler, 0x48000000, 0, 0
altstack: .dword stack, 0, 65536
        .balign 8
template: .incbin "template.bin"
        .bss
        .balign 16
stack:  .space  65536
        .balign 16
area:   .space  65536
