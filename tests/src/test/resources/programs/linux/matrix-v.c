// Matrix products with vector intrinsics against plain loops.
#include <riscv_vector.h>
#include <stdint.h>
#include <stdio.h>

#define N 24
static float a[N][N], b[N][N], c[N][N], d[N][N];
static int8_t p[N][N], q[N][N];
static int32_t r[N][N], s[N][N];

int main(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      a[i][j] = (float)((i * 7 + j * 3) % 11 - 5) / 8;
      b[i][j] = (float)((i * 5 + j) % 13 - 6) / 4;
      p[i][j] = (int8_t)(i * 17 + j * 5);
      q[i][j] = (int8_t)(i * 3 - j * 29);
    }
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N;) {
      size_t vl = __riscv_vsetvl_e32m2(N - j);
      vfloat32m2_t sum = __riscv_vfmv_v_f_f32m2(0, vl);
      vint32m2_t whole = __riscv_vmv_v_x_i32m2(0, vl);
      for (int k = 0; k < N; k++) {
        sum = __riscv_vfmacc_vf_f32m2(sum, a[i][k], __riscv_vle32_v_f32m2(&b[k][j], vl), vl);
        vint16m1_t wide = __riscv_vwmul_vx_i16m1(__riscv_vle8_v_i8mf2(&q[k][j], vl), p[i][k], vl);
        whole = __riscv_vwadd_wv_i32m2(whole, wide, vl);
      }
      __riscv_vse32_v_f32m2(&c[i][j], sum, vl);
      __riscv_vse32_v_i32m2(&r[i][j], whole, vl);
      j += (int)vl;
    }
  int wrong = 0;
  double total = 0;
  long sum = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      for (int k = 0; k < N; k++) {
        d[i][j] = __builtin_fmaf(a[i][k], b[k][j], d[i][j]);
        s[i][j] += p[i][k] * q[k][j];
      }
      wrong += c[i][j] != d[i][j] || r[i][j] != s[i][j];
      total += c[i][j] * (i + 1);
      sum += (long)r[i][j] * (j + 1);
    }
  vfloat32m1_t zero = __riscv_vfmv_s_f_f32m1(0, 1);
  size_t vl = __riscv_vsetvl_e32m8(N);
  float ordered = __riscv_vfmv_f_s_f32m1_f32(__riscv_vfredosum_vs_f32m8_f32m1(__riscv_vle32_v_f32m8(c[1], vl), zero, vl));
  printf("wrong %d total %g sum %ld row %g\n", wrong, total, sum, ordered);
  return wrong != 0;
}
