# The smallest program: write a line, then exit with status 0.
#   ./tessera run examples/hello.s
        .section .rodata
greeting:
        .ascii  "Hello from Tessera\n"
greeting_end:

        .text
        .globl  _start
_start:
        li      a0, 1                   # standard output
        la      a1, greeting
        li      a2, greeting_end - greeting
        li      a7, 64                  # write
        ecall
        li      a0, 0
        li      a7, 93                  # exit
        ecall
