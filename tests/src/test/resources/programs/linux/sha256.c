// SHA-256 of the standard's examples and of a long text.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t k[64];
static uint32_t h[8];

// The constants are the first 32 bits of the fractions of roots of the first primes.
static uint32_t fraction(int prime, int cube) {
  // Newton's method on integers: root of prime * 2^64 (square) or prime * 2^96 (cube).
  unsigned __int128 target = (unsigned __int128)prime << (cube ? 96 : 64);
  uint64_t low = 0, high = 1ull << 36;
  while (high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    unsigned __int128 power = (unsigned __int128)middle * middle;
    int over;
    if (cube) {
      unsigned __int128 limit = target / middle;
      over = power > limit;
    } else {
      over = power > target;
    }
    if (over) high = middle; else low = middle;
  }
  return (uint32_t)low;
}

static void constants(void) {
  int n = 0;
  for (int p = 2; n < 64; p++) {
    int prime = 1;
    for (int d = 2; d * d <= p; d++) if (p % d == 0) prime = 0;
    if (prime) {
      k[n] = fraction(p, 1);
      if (n < 8) h[n] = fraction(p, 0);
      n++;
    }
  }
}

#define ROR(x, n) ((x) >> (n) | (x) << (32 - (n)))

static void block(uint32_t s[8], const uint8_t *p) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (ROR(a, 7) ^ ROR(a, 18) ^ a >> 3) + w[i - 7] + (ROR(b, 17) ^ ROR(b, 19) ^ b >> 10);
  }
  memcpy(v, s, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t e = v[4], a = v[0];
    uint32_t t = v[7] + (ROR(e, 6) ^ ROR(e, 11) ^ ROR(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
    uint32_t u = (ROR(a, 2) ^ ROR(a, 13) ^ ROR(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += t;
    v[0] = t + u;
  }
  for (int i = 0; i < 8; i++) s[i] += v[i];
}

static void digest(const uint8_t *text, size_t n) {
  uint32_t s[8];
  memcpy(s, h, sizeof s);
  size_t i = 0;
  for (; i + 64 <= n; i += 64) block(s, text + i);
  uint8_t last[128] = {0};
  size_t rest = n - i, size = rest < 56 ? 64 : 128;
  memcpy(last, text + i, rest);
  last[rest] = 0x80;
  for (int b = 0; b < 8; b++) last[size - 1 - b] = (uint8_t)((uint64_t)n * 8 >> 8 * b);
  for (size_t at = 0; at < size; at += 64) block(s, last + at);
  for (int b = 0; b < 8; b++) printf("%08x", s[b]);
  printf("\n");
}

int main(void) {
  constants();
  digest((const uint8_t *)"", 0);
  digest((const uint8_t *)"abc", 3);
  static uint8_t text[20000];
  for (size_t i = 0; i < sizeof text; i++) text[i] = (uint8_t)(i * i >> 3);
  digest(text, sizeof text);
  return 0;
}
