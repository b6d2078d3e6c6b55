  .globl _start
_start: call nowhere
  call nowhere
  la a0, messsage
  j a0
  lw a0, count+8
  beqz a0, 1f
  j 2b
  .data
message: .byte 1
message: .byte 2
  .equiv five, 5
  .equiv five, 6
five: .byte 1
  .set loop, loop2
  .set loop2, loop
  .word loop
