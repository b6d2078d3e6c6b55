// Integers of all widths: division by constants, overflow checks, wide products, shifts.
typedef long long i64; typedef __int128 i128; typedef unsigned __int128 u128;
int by7(int x) { return x / 7; } unsigned by10(unsigned x) { return x / 10; } long by1000(long x) { return x % 1000; } int by8(int x) { return x / 8; }
unsigned long mod(unsigned long a, unsigned long b) { return a % b + a / b; } short shorts(short a, short b) { return a * b + a / b; }
signed char chars(signed char a, unsigned char b) { return a + b - (a >> 2) + (b << 3); }
_Bool overflow(int a, int b, int *r) { return __builtin_add_overflow(a, b, r); } _Bool overflow_long(long a, long b, long *r) { return __builtin_mul_overflow(a, b, r); }
i128 product(long a, long b) { return (i128)a * b; } u128 sum(u128 a, u128 b) { return a + b; } unsigned long high(unsigned long a, unsigned long b) { return (u128)a * b >> 64; }
long shift(long a, int n) { return a << n ^ a >> (63 - n); } i128 shift128(i128 a, int n) { return a << n; } u128 divide(u128 a, unsigned long b) { return a / b; }
long constants(int i) { switch (i & 7) { case 0: return 0x7fffffff; case 1: return 0x80000000; case 2: return -0x80000000L; case 3: return 0x123456789abcdef0; case 4: return 0xfffffffffffff800; case 5: return 0x7ffL << 40; case 6: return 0xffffffff; } return -1; }
unsigned sign_bits(int a, unsigned b, long c) { return (unsigned)a + b + (unsigned)c; } long extend(int a) { return (long)a << 3; } unsigned long zero_extend(unsigned a) { return (unsigned long)a << 2; }
int absolute(int a) { return a < 0 ? -a : a; } int clamp(int a, int low, int high) { return a < low ? low : a > high ? high : a; } int sign(long a) { return (a > 0) - (a < 0); }
_Bool logic(int a, int b) { return (a && !b) || (a > 5 && b < -5) || a == b; } int select_(int c, int a, int b) { return c ? a : b; }
long gcd(long a, long b) { while (b) { long t = a % b; a = b; b = t; } return a; } unsigned power(unsigned b, unsigned e) { unsigned r = 1; for (; e; e >>= 1, b *= b) if (e & 1) r *= b; return r; }
