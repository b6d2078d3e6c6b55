# Operators with GNU's precedence, every kind of literal, symbols known and not.
	.data
	.quad 1+2*3, (1+2)*3, 7/2, -7/2, 7%4, -7%4, 1<<40, -1>>60
	.quad 6|1, 6&3, 6^5, 6!5, ~0, -5, !3, !0, +4, - - 3, ~-1
	.quad 1+2|4, 1|2+4, 3-1-1, 10-2*3+1, 2*3%4
	.quad 1==1, 1==2, 1!=1, 1<>2, 3<4, 4<3, 3<=3, 4>=5, 5>4, -1<1
	.quad 1&&2, 1&&0, 0||0, 0||7, 1<2&&2<3
	.quad 0x7fffffffffffffff, 0xffffffffffffffff, 0b1011, 0777, 'a, 'b', '\n, '\\', '"', ' '
	.quad -0x8000000000000000, 18446744073709551615
	.equ five, 5
	six = 6
	.set seven, six + 1
	.quad five, six, seven, five*six-seven
	.set seven, seven * 2
	.quad seven
a:	.word 1, 2, 3
b:	.quad b-a, (b-a)/4, b-a+five, 2*(b-a)
	.quad a, a+4, b-8, .-a, . - b
	.quad later - a, later
	.half b-a, later-a
	.byte b-a
	.balign 4
later:	.word . , .-4, later-.
	.set size, later - a
	.word size, size/4
	.text
f:	addi a0, a0, five
	addi a0, a0, -six + 1
	li a1, five
	lw a2, 4*2(a3)
	lw a2, (4)*2+1(a3)
	lw a2, -(4)(a3)
	sw a2, five(a3)
	lw a2, (a3)
	slli a0, a0, six
	lui a0, 0xfffff
	andi a0, a0, ~15
	ori a0, a0, 'x'
	xori a0, a0, -1
	addi a0, a0, 0xffffffffffffff00
