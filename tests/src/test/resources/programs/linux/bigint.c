// Big integers: factorials, Fibonacci, powers modulo, digits of pi.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define WORDS 64
typedef struct { uint32_t w[WORDS]; } Big;

static void set(Big *a, uint32_t v) { memset(a, 0, sizeof *a); a->w[0] = v; }
static void multiply(Big *a, uint32_t by) {
  uint64_t carry = 0;
  for (int i = 0; i < WORDS; i++) {
    carry += (uint64_t)a->w[i] * by;
    a->w[i] = (uint32_t)carry;
    carry >>= 32;
  }
}
static uint32_t divide(Big *a, uint32_t by) {
  uint64_t rest = 0;
  for (int i = WORDS; i-- > 0;) {
    rest = rest << 32 | a->w[i];
    a->w[i] = (uint32_t)(rest / by);
    rest %= by;
  }
  return (uint32_t)rest;
}
static void add(Big *a, const Big *b) {
  uint64_t carry = 0;
  for (int i = 0; i < WORDS; i++) {
    carry += (uint64_t)a->w[i] + b->w[i];
    a->w[i] = (uint32_t)carry;
    carry >>= 32;
  }
}
static int zero(const Big *a) {
  for (int i = 0; i < WORDS; i++) if (a->w[i]) return 0;
  return 1;
}
static void print(Big a) {
  char text[700], *p = text + sizeof text;
  *--p = 0;
  do {
    uint32_t part = divide(&a, 1000000000);
    for (int i = 0; i < 9 && (part || !zero(&a) || i == 0); i++) { *--p = (char)('0' + part % 10); part /= 10; }
  } while (!zero(&a));
  puts(p);
}

static uint64_t power(uint64_t base, uint64_t exponent, uint64_t modulus) {
  unsigned __int128 result = 1, b = base % modulus;
  for (; exponent; exponent >>= 1, b = b * b % modulus) if (exponent & 1) result = result * b % modulus;
  return (uint64_t)result;
}

int main(void) {
  Big f, a, b;
  set(&f, 1);
  for (uint32_t i = 2; i <= 100; i++) multiply(&f, i);
  print(f);
  set(&a, 0);
  set(&b, 1);
  for (int i = 0; i < 1000; i++) { Big t = a; add(&t, &b); a = b; b = t; }
  print(a);
  printf("%llu %llu\n", (unsigned long long)power(3, 1000000006, 1000000007),
         (unsigned long long)power(2, 12345678901ull, 0xffffffffffffffc5ull));
  static int r[2801];
  int c = 280, d = 0;
  for (int i = 0; i < c; i++) r[i] = 2000;
  for (int k = c; k > 0; k -= 14) { // the spigot of Rabinowitz and Wagon
    int e = 0;
    long s = 0;
    for (int i = k; --i > 0;) {
      s = s * i + 10000L * r[i];
      r[i] = (int)(s % (2 * i - 1));
      s /= 2 * i - 1;
    }
    e = d + (int)(s / 10000);
    d = (int)(s % 10000);
    printf("%04d", e);
  }
  printf("\n");
  return 0;
}
