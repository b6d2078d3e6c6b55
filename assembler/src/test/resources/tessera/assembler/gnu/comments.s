/* Comments of every kind; several
   statements on a line. */ nop # to the end
	nop; nop ; addi a0, a0, 1 /* inside */ 
# 1 "not/a/line.c"
#APP
x: /* label */ y: nop; z: nop; 1: j 1b; j 1f; 1: nop
	.byte '#', ';', '/', '"' ; .byte 1
	.ascii "# no comment; /* here */ // nor here", "\";"
	.align 2
	lw	a0 , 4 ( sp )
	addi	a0,a0,1;addi	a0 , a0 , 2
	NOT_A_MNEMONIC = 3
	.byte NOT_A_MNEMONIC, 0
	.word 1
