  .text
  .globl weigh
  .type weigh, @function
  .p2align 2
weigh:
  .cfi_startproc
  addi sp, sp, -16
  .cfi_def_cfa_offset 16
  sd ra, 8(sp)
  .cfi_offset ra, -8
  addi a1, a1, 1
  mul a0, a0, a1
  call adjust
  beqz a0, 1f
  la t0, counter
  lw t1, (t0)
1: ld ra, 8(sp)
  .cfi_restore ra
  addi sp, sp, 16
  .cfi_def_cfa_offset 0
  ret
  .cfi_endproc
  .size weigh, .-weigh
  .section .text.adjust,"axG",@progbits,adjust,comdat
  .weak adjust
  .type adjust, @function
adjust:
  .cfi_startproc
  lui t0, %tprel_hi(mine)
  add t0, t0, tp, %tprel_add(mine)
  lw t1, %tprel_lo(mine)(t0)
  addi t1, t1, 1
  sw t1, %tprel_lo(mine)(t0)
  addi a0, a0, 3
  ret
  .cfi_endproc
  .size adjust, .-adjust
  .data
  .globl counter
  .p2align 2
counter: .word 41
  .section .tdata,"awT",@progbits
  .globl mine
mine: .word 2
  .section .note.GNU-stack,"",@progbits
