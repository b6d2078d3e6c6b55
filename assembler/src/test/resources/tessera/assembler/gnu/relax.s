# Branches that reach and that do not, alignment in code, both ways of .option relax.
	.text
start:	beqz a0, near
	beqz a0, far
	bne a0, a1, far
	j far
near:	.skip 4096
	bltu a0, a1, start
	beqz a0, middle
	.skip 4000
middle:	bge a0, a1, near
	.align 4
	nop
	.p2align 3
	nop
	.balign 64
far:	nop
	la a0, far
	lw a0, datum
	ld a1, datum
	sw a0, datum, t0
	lui a0, %hi(datum)
	addi a0, a0, %lo(datum)
	lw a1, %lo(datum+4)(a0)
	sw a1, %lo(datum+4)(a0)
5:	auipc a2, %pcrel_hi(datum)
	lw a2, %pcrel_lo(5b)(a2)
	sw a2, %pcrel_lo(5b)(a2)
	flw fa0, datum, t1
	fsw fa0, datum, t1
	.option push
	.option norelax
	call far
	la a0, datum
	.align 4
	nop
	.align 5
	.option pop
	call far
	.align 4
	nop
	.word far - near, . - far
	.half 5
	.data
datum:	.dword far - start
	.word 1
