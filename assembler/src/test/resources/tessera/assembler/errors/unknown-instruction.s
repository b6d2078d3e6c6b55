  ta.mm.i8.i8 mc0, mt0, mt4
  addii a0, a0, 1
  frobnicate
  ADDI a0, a0, 1
