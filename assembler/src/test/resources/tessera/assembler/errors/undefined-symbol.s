  .globl _start
_start: call nowhere
  call nowhere
  la a0, messsage
  j a0
  .weak absent
  la a0, absent
  .data
message: .word other - message
