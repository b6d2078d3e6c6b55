// A fast Fourier transform with vector intrinsics: strided loads, masks, slides, gathers.
#include <math.h>
#include <riscv_vector.h>
#include <stdint.h>
#include <stdio.h>

#define N 64
static double re[N], im[N], slow_re[N], slow_im[N], wre[N / 2], wim[N / 2];

static void reorder(double *x) {
  static double from[N];
  static uint64_t index[N];
  for (unsigned i = 0; i < N; i++) {
    unsigned r = 0;
    for (unsigned b = 1, c = N / 2; b < N; b <<= 1, c >>= 1) r |= i & b ? c : 0;
    index[i] = r * sizeof(double);
    from[i] = x[i];
  }
  for (size_t i = 0; i < N;) {
    size_t vl = __riscv_vsetvl_e64m2(N - i);
    vuint64m2_t at = __riscv_vle64_v_u64m2(index + i, vl);
    __riscv_vse64_v_f64m2(x + i, __riscv_vluxei64_v_f64m2(from, at, vl), vl);
    i += vl;
  }
}

static void transform(void) {
  reorder(re);
  reorder(im);
  for (size_t half = 1; half < N; half *= 2)
    for (size_t start = 0; start < N; start += 2 * half)
      for (size_t j = 0; j < half;) {
        size_t vl = __riscv_vsetvl_e64m1(half - j), low = start + j, high = low + half;
        ptrdiff_t stride = (ptrdiff_t)(N / 2 / half * sizeof(double));
        vfloat64m1_t c = __riscv_vlse64_v_f64m1(wre + j * (N / 2 / half), stride, vl);
        vfloat64m1_t s = __riscv_vlse64_v_f64m1(wim + j * (N / 2 / half), stride, vl);
        vfloat64m1_t xr = __riscv_vle64_v_f64m1(re + high, vl), xi = __riscv_vle64_v_f64m1(im + high, vl);
        vfloat64m1_t tr = __riscv_vfmsac_vv_f64m1(__riscv_vfmul_vv_f64m1(xi, s, vl), xr, c, vl);
        vfloat64m1_t ti = __riscv_vfmacc_vv_f64m1(__riscv_vfmul_vv_f64m1(xi, c, vl), xr, s, vl);
        vfloat64m1_t ar = __riscv_vle64_v_f64m1(re + low, vl), ai = __riscv_vle64_v_f64m1(im + low, vl);
        __riscv_vse64_v_f64m1(re + low, __riscv_vfadd_vv_f64m1(ar, tr, vl), vl);
        __riscv_vse64_v_f64m1(im + low, __riscv_vfadd_vv_f64m1(ai, ti, vl), vl);
        __riscv_vse64_v_f64m1(re + high, __riscv_vfsub_vv_f64m1(ar, tr, vl), vl);
        __riscv_vse64_v_f64m1(im + high, __riscv_vfsub_vv_f64m1(ai, ti, vl), vl);
        j += vl;
      }
}

static long count_bytes(const uint8_t *text, size_t n, uint8_t wanted) {
  long count = 0;
  for (size_t i = 0; i < n;) {
    size_t vl = __riscv_vsetvl_e8m4(n - i);
    vbool2_t equal = __riscv_vmseq_vx_u8m4_b2(__riscv_vle8_v_u8m4(text + i, vl), wanted, vl);
    count += (long)__riscv_vcpop_m_b2(equal, vl);
    i += vl;
  }
  return count;
}

int main(void) {
  for (int i = 0; i < N; i++) {
    re[i] = slow_re[i] = sin(i * 0.7) + (i % 5) * 0.25;
    im[i] = slow_im[i] = cos(i * 0.3);
  }
  for (int i = 0; i < N / 2; i++) {
    wre[i] = cos(2 * M_PI * i / N);
    wim[i] = -sin(2 * M_PI * i / N);
  }
  transform();
  double worst = 0;
  for (int k = 0; k < N; k++) {
    double r = 0, m = 0;
    for (int i = 0; i < N; i++) {
      double c = cos(2 * M_PI * i * k / N), s = -sin(2 * M_PI * i * k / N);
      r += slow_re[i] * c - slow_im[i] * s;
      m += slow_re[i] * s + slow_im[i] * c;
    }
    worst = fmax(worst, fmax(fabs(r - re[k]), fabs(m - im[k])));
  }
  printf("%s %.12g %.12g %.12g\n", worst < 1e-11 ? "close" : "far", re[0], re[1], im[5]);
  static uint8_t text[1000];
  for (int i = 0; i < 1000; i++) text[i] = (uint8_t)(i * i);
  printf("%ld %ld\n", count_bytes(text, 1000, 0), count_bytes(text, 1000, 4));
  return worst < 1e-11 ? 0 : 1;
}
