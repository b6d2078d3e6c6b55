/* Constants of every size, shifts, division, floats, conversions. */
long constants(int i) {
  switch (i) {
    case 0: return 0;
    case 1: return 2047;
    case 2: return 2048;
    case 3: return -2049;
    case 4: return 0x12345678;
    case 5: return 0x80000000L;
    case 6: return 0xffffffffL;
    case 7: return 0x123456789abcdefL;
    case 8: return (long)0x8000000000000001UL;
    case 9: return 0x7ffffffffffff800L;
    case 10: return 0xfffff000L;
    case 11: return -0x80000000L;
    default: return 0x5555555555555555L;
  }
}

unsigned long mix(unsigned long x) {
  x ^= x >> 33; x *= 0xff51afd7ed558ccdUL; x ^= x >> 33; x *= 0xc4ceb9fe1a85ec53UL; x ^= x >> 33;
  return x;
}

int divide(int a, int b, unsigned c, unsigned long d) { return a / b + a % b + (int)(c / 10) + (int)(d % 1000); }
float poly(float x) { return ((1.25f * x + 3.5f) * x - 2.0f) * x + 0.1f; }
int toint(float x) { return (int)x + (unsigned)(x * 2) + (x < 1 ? 1 : x == 2 ? 2 : 3); }
float tofloat(long a, unsigned b) { return (float)a + (float)b; }
float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c) - __builtin_fmaf(-a, b, -c) + __builtin_sqrtf(a); }
int clz(unsigned long x) { return x ? __builtin_clzl(x) + __builtin_ctzl(x) : 64; }
short narrow(long x) { return (short)(x + (signed char)x) + (unsigned char)(x >> 8); }
double soft(double a, double b) { return a * b + 1.0; }
