f: beqz a0, 1f
 bnez a5, f
 beqz t0, f
 bne a0,zero, g
 beqz a1, far
 beqz a1, far2
 bnez t1, far2
 j 1f
 j far
 j far2
 j ext
 j ext+4
 jal f
 jal ext
 jal far2
 call ext
 tail ext
 beqz a0, ext
 bnez t0, ext
 blt a0, a1, ext
 c.beqz a0, f
 c.bnez a0, far2
 c.j far
 c.j f
 .fill 70,2,1
 nop
1: g: ret
 .zero 300
wk: .weak wk
far: nop
 beqz a0, wk
 j wk
 j far2
 .zero 5000
far2: nop
 j far
 beqz a0, far
 bnez a0, f
 j f
 .zero 1048576
 j f
 beqz a0, f
.section .foo,"ax"
 j f
 beqz a0, f
 beqz a0, other
other: ret
