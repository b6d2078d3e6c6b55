# Data of every size, strings, floats, padding, in several sections.
	.section .rodata
	.byte 1, -1, 255, 'a'
	.half 1, -1, 65535
	.2byte 0x1234
	.short 5
	.hword 6
	.word 1, -1, 0xffffffff
	.4byte 7
	.long 8
	.int 9
	.dword 10
	.8byte 11
	.quad 12, -12
	.ascii "abc", "d\n\t\"\\\101\x41\0"
	.asciz "zero"
	.string "one", "two"
	.string "\r\b\f\177"
	.float 1.5, -2.25, 1e10, 0.1, 3
	.single 1e-45, 3.4028235e38
	.double 1.5, -2.25, 1e300, 0.1, 4.9e-324, 7
	.zero 3
	.space 5, 0xaa
	.skip 2
	.fill 3, 2, 0x1234
	.fill 2, 4, -1
	.fill 2
	.fill 1, 8, 0x1122334455667788
	.uleb128 0
	.uleb128 1
	.uleb128 127
	.uleb128 128
	.uleb128 300
	.uleb128 0xffffffff
	.uleb128 0xffffffffffffffff
	.sleb128 0
	.sleb128 1
	.sleb128 -1
	.sleb128 63
	.sleb128 64
	.sleb128 -64
	.sleb128 -65
	.sleb128 300
	.sleb128 -300
	.sleb128 -0x8000000000000000
	.align 3
	.byte 1
	.balign 8, 0x55
	.byte 1
	.p2align 4,,3
	.byte 2
	.p2align 2,,3
	.byte 3
	.byte 9
	.balignw 8, 0x1234
	.byte 4
	.org 400
	.byte 5
	.org 410, 0x77
	.bss
	.zero 10
	.align 4
here:	.space 100
	.comm shared, 24, 8
	.comm plain, 5
	.lcomm mine, 12
	.local quiet
	.comm quiet, 9, 4
	.section .mine, "aw", @progbits
	.word 1
	.section .mine
	.word 2
	.pushsection .other, "a"
	.word 3
	.pushsection .mine
	.word 4
	.popsection
	.word 5
	.popsection
	.word 6
	.previous
	.word 7
	.section .strings, "aMS", @progbits, 1
	.string "x"
	.section .zeros, "aw", @nobits
	.zero 64
	.section .note.GNU-stack, "", @progbits
	.section ".quoted name", "a"
	.byte 1
	.data 1
	.byte 1
	.data 0
	.byte 0
	.data 2
	.byte 2
	.text 1
	nop
	.text
	addi a0, a0, 0
	.byte 1
	.half 2
	nop
	.string "mid"
	nop
	.ident "a compiler"
	.file "data.c"
	.section .tbss, "awT", @nobits
t1:	.zero 8
	.section .tdata, "awT", @progbits
t2:	.word 1
