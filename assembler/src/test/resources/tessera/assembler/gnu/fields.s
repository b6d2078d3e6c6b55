# Words by their fields, thread-local and table addresses, position-independent code.
	.text
	.insn r 0x33, 0, 0, a0, a1, a2
	.insn r OP, 7, 0x7f, x31, x0, x15
	.insn r 0x43, 7, 3, fa0, fa1, fa2, fa3
	.insn r4 MADD, 0, 0, f0, f31, f15, f1
	.insn i 0x13, 0, a0, a1, -2048
	.insn i OP_IMM, 7, a0, a1, 2047
	.insn i LOAD, 2, a0, 4(a1)
	.insn i LOAD, 2, a0, %lo(x)(a1)
	.insn s STORE, 2, a0, -4(a1)
	.insn sb BRANCH, 1, a0, a1, target
	.insn b BRANCH, 5, a0, a1, target
target:	.insn u LUI, a0, 0xfffff
	.insn u AUIPC, a0, %pcrel_hi(x)
	.insn uj JAL, a0, target
	.insn j JAL, ra, elsewhere
	.insn 0x0000100b
	.insn 4, 0x0000200b
	.4byte 0x13
	lui a0, %tprel_hi(t)
	add a0, a0, tp, %tprel_add(t)
	addi a0, a0, %tprel_lo(t)
	lw a0, %tprel_lo(t)(a0)
	sw a1, %tprel_lo(t+4)(a0)
	la.tls.ie a0, t
	la.tls.gd a0, u
1:	auipc a0, %got_pcrel_hi(x)
	ld a0, %pcrel_lo(1b)(a0)
2:	auipc a0, %tls_ie_pcrel_hi(t)
	ld a0, %pcrel_lo(2b)(a0)
3:	auipc a0, %tls_gd_pcrel_hi(u)
	addi a0, a0, %pcrel_lo(3b)
	.option pic
	la a0, x
	lla a0, x
	.option nopic
	la a0, x
	lla a0, x
	.section .tdata, "awT", @progbits
t:	.word 1, 2
	.globl g
g:	.word 3
