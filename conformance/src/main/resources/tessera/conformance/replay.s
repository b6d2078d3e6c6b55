  .globl _start
  .text
_start:
  la t0, before
#if f
  fld f0, 256(t0)
  fld f1, 264(t0)
  fld f2, 272(t0)
  fld f3, 280(t0)
  fld f4, 288(t0)
  fld f5, 296(t0)
  fld f6, 304(t0)
  fld f7, 312(t0)
  fld f8, 320(t0)
  fld f9, 328(t0)
  fld f10, 336(t0)
  fld f11, 344(t0)
  fld f12, 352(t0)
  fld f13, 360(t0)
  fld f14, 368(t0)
  fld f15, 376(t0)
  fld f16, 384(t0)
  fld f17, 392(t0)
  fld f18, 400(t0)
  fld f19, 408(t0)
  fld f20, 416(t0)
  fld f21, 424(t0)
  fld f22, 432(t0)
  fld f23, 440(t0)
  fld f24, 448(t0)
  fld f25, 456(t0)
  fld f26, 464(t0)
  fld f27, 472(t0)
  fld f28, 480(t0)
  fld f29, 488(t0)
  fld f30, 496(t0)
  fld f31, 504(t0)
  ld t1, 512(t0)
  csrw fcsr, t1
#end
#if v
  addi t1, t0, 552
  csrr t2, vlenb
  slli t2, t2, 3
  vl8re8.v v0, (t1)
  add t1, t1, t2
  vl8re8.v v8, (t1)
  add t1, t1, t2
  vl8re8.v v16, (t1)
  add t1, t1, t2
  vl8re8.v v24, (t1)
  add t1, t1, t2
  ld t1, 520(t0)
  ld t2, 528(t0)
  vsetvl zero, t1, t2
  ld t1, 544(t0)
  csrw vcsr, t1
  ld t1, 536(t0)
  csrw vstart, t1
#end
  la {a}, before
  ld x1, 8({a})
  ld x2, 16({a})
  ld x3, 24({a})
  ld x4, 32({a})
  ld x5, 40({a})
  ld x6, 48({a})
  ld x7, 56({a})
  ld x8, 64({a})
  ld x9, 72({a})
  ld x10, 80({a})
  ld x11, 88({a})
  ld x12, 96({a})
  ld x13, 104({a})
  ld x14, 112({a})
  ld x15, 120({a})
  ld x16, 128({a})
  ld x17, 136({a})
  ld x18, 144({a})
  ld x19, 152({a})
  ld x20, 160({a})
  ld x21, 168({a})
  ld x22, 176({a})
  ld x23, 184({a})
  ld x24, 192({a})
  ld x25, 200({a})
  ld x26, 208({a})
  ld x27, 216({a})
  ld x28, 224({a})
  ld x29, 232({a})
  ld x30, 240({a})
  ld x31, 248({a})
  j case
  .balign 16
case:
#case
  la {a}, after
  sd x1, 8({a})
  sd x2, 16({a})
  sd x3, 24({a})
  sd x4, 32({a})
  sd x5, 40({a})
  sd x6, 48({a})
  sd x7, 56({a})
  sd x8, 64({a})
  sd x9, 72({a})
  sd x10, 80({a})
  sd x11, 88({a})
  sd x12, 96({a})
  sd x13, 104({a})
  sd x14, 112({a})
  sd x15, 120({a})
  sd x16, 128({a})
  sd x17, 136({a})
  sd x18, 144({a})
  sd x19, 152({a})
  sd x20, 160({a})
  sd x21, 168({a})
  sd x22, 176({a})
  sd x23, 184({a})
  sd x24, 192({a})
  sd x25, 200({a})
  sd x26, 208({a})
  sd x27, 216({a})
  sd x28, 224({a})
  sd x29, 232({a})
  sd x30, 240({a})
  sd x31, 248({a})
  mv t0, {a}
#if f
  fsd f0, 256(t0)
  fsd f1, 264(t0)
  fsd f2, 272(t0)
  fsd f3, 280(t0)
  fsd f4, 288(t0)
  fsd f5, 296(t0)
  fsd f6, 304(t0)
  fsd f7, 312(t0)
  fsd f8, 320(t0)
  fsd f9, 328(t0)
  fsd f10, 336(t0)
  fsd f11, 344(t0)
  fsd f12, 352(t0)
  fsd f13, 360(t0)
  fsd f14, 368(t0)
  fsd f15, 376(t0)
  fsd f16, 384(t0)
  fsd f17, 392(t0)
  fsd f18, 400(t0)
  fsd f19, 408(t0)
  fsd f20, 416(t0)
  fsd f21, 424(t0)
  fsd f22, 432(t0)
  fsd f23, 440(t0)
  fsd f24, 448(t0)
  fsd f25, 456(t0)
  fsd f26, 464(t0)
  fsd f27, 472(t0)
  fsd f28, 480(t0)
  fsd f29, 488(t0)
  fsd f30, 496(t0)
  fsd f31, 504(t0)
  csrr t1, fcsr
  sd t1, 512(t0)
#end
#if v
  csrr t1, vl
  sd t1, 520(t0)
  csrr t1, vtype
  sd t1, 528(t0)
  csrr t1, vstart
  sd t1, 536(t0)
  csrr t1, vcsr
  sd t1, 544(t0)
  csrw vstart, zero
  addi t1, t0, 552
  csrr t2, vlenb
  slli t2, t2, 3
  vs8r.v v0, (t1)
  add t1, t1, t2
  vs8r.v v8, (t1)
  add t1, t1, t2
  vs8r.v v16, (t1)
  add t1, t1, t2
  vs8r.v v24, (t1)
  add t1, t1, t2
#end
  la t0, expected
  la t1, after
  la t2, after_end
1:
  ld t3, 0(t0)
  ld t4, 0(t1)
  bne t3, t4, differs
  addi t0, t0, 8
  addi t1, t1, 8
  bltu t1, t2, 1b
  la t0, expected_memory
  la t1, arena
  la t2, arena_end
1:
  ld t3, 0(t0)
  ld t4, 0(t1)
  bne t3, t4, differs
  addi t0, t0, 8
  addi t1, t1, 8
  bltu t1, t2, 1b
  li a0, 0
  j leave
differs:            # t1 points to what differs in `after` or `arena`
  li a0, 1
leave:
  li a7, 93
  ecall
