// Floats as text and back: exact round trips, special values, rounding of conversions.
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 42;
static uint64_t next(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  return seed ^= seed << 17;
}

int main(void) {
  int same = 0, total = 0;
  for (int i = 0; i < 300; i++) {
    uint64_t bits = next();
    double d, e;
    memcpy(&d, &bits, 8);
    if (isnan(d)) continue;
    char text[64];
    snprintf(text, sizeof text, "%.17g", d);
    e = strtod(text, 0);
    same += !memcmp(&d, &e, 8);
    total++;
    float f, g;
    uint32_t low = (uint32_t)bits;
    memcpy(&f, &low, 4);
    if (isnan(f)) continue;
    snprintf(text, sizeof text, "%.9g", f);
    g = strtof(text, 0);
    same += !memcmp(&f, &g, 4);
    total++;
  }
  printf("%d of %d\n", same, total);
  double shown[] = {0.1, 1.0 / 3, 1e23, 5e-324, DBL_MAX, DBL_MIN, -0.0, INFINITY, -INFINITY, NAN, 123456789, 2.5, 3.5};
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
    printf("%g %.17g %.3e %.0f %a\n", shown[i], shown[i], shown[i], fabs(shown[i]) < 1e15 ? shown[i] : 0, shown[i]);
  int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
  for (int i = 0; i < 4; i++) {
    fesetround(modes[i]);
    volatile double one = 1, three = 3, half = 2.5;
    volatile float narrow = (float)(one / three);
    printf("%a %a %ld %ld %.3f\n", one / three, (double)narrow, lrint(half), lrint(-half), one / three);
  }
  fesetround(FE_TONEAREST);
  feclearexcept(FE_ALL_EXCEPT);
  volatile double zero = 0, one = 1, huge = DBL_MAX;
  volatile double r = one / zero;
  printf("%d%d%d", !!fetestexcept(FE_DIVBYZERO), !!fetestexcept(FE_INEXACT), !!fetestexcept(FE_INVALID));
  r = huge * huge;
  printf(" %d%d", !!fetestexcept(FE_OVERFLOW), !!fetestexcept(FE_INEXACT));
  r = zero / zero;
  printf(" %d\n", !!fetestexcept(FE_INVALID));
  (void)r;
  printf("%" PRId64 " %ld %d\n", (int64_t)1e18, lround(-2.5), (int)-7.9);
  printf("%.15g %.15g %.15g %.15g\n", sqrt(2), sin(1), exp(1), fma(1.1, 1.1, -1.21));
  printf("%Lf %.20Lg\n", 1.0L / 3, 2.0L / 3);
  return same == total ? 0 : 1;
}
