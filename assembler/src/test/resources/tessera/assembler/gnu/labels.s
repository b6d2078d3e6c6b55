# Labels: global, local, numeric, several at one place, of a far jump table.
	.text
	.globl main, helper
	.weak perhaps
	.hidden inner
	.variant_cc helper
	.variant_cc outside
	.local small
	.type main, @function
	.type helper, %function
	.type inner, "object"
	.type perhaps, STT_FUNC
main: first: 1: second: nop
	beqz a0, 1b
	bnez a0, 1f
	j 1f
1:	j 1b
	beq a0, a1, 2f
2:	bne a0, a1, 2b
2:	blt a0, a1, 2b
	bge a0, a1, 10f
	bltu a0, a1, .Lend
	bgeu a0, a1, helper
	jal helper
	jal t0, helper
	jal zero, unknown
	beqz a0, unknown
	beqz a0, perhaps
	call helper
	tail helper
	call t1, helper
	jump helper, t2
10:	j .
	j .+8
	beqz a0, .-4
	.size main, .-main
helper:	ret
	.size helper, 4
.Lend:	nop
perhaps: nop
inner:	nop
small:	nop
alias = helper
	.globl alias
	.set other, main
	.type other, @function
number = 77
	.globl number
	call other
	j alias
$dollar: under_score: a.b.c: nop
	call $dollar
	la a0, a.b.c
	.data
	.dword main, helper, .Lend, 10b, unknown, alias, other+4, perhaps
	.dword .Lend - main, 10b - 1b
	.word .Lend, helper-main
