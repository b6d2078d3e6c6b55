// CRC-32 by table and bit by bit, Adler-32, FNV-1a and an MD5 of three texts.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t table[256];

static uint32_t crc_bits(const uint8_t *p, size_t n) {
  uint32_t c = ~0u;
  while (n--) {
    c ^= *p++;
    for (int i = 0; i < 8; i++) c = c >> 1 ^ (-(c & 1) & 0xedb88320u);
  }
  return ~c;
}

static uint32_t crc_table(const uint8_t *p, size_t n) {
  uint32_t c = ~0u;
  while (n--) c = c >> 8 ^ table[(c ^ *p++) & 255];
  return ~c;
}

static uint32_t adler(const uint8_t *p, size_t n) {
  uint32_t a = 1, b = 0;
  while (n--) {
    a = (a + *p++) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

static uint64_t fnv(const uint8_t *p, size_t n) {
  uint64_t h = 0xcbf29ce484222325ull;
  while (n--) h = (h ^ *p++) * 0x100000001b3ull;
  return h;
}

static void md5(const uint8_t *text, size_t n, char *out) {
  static const int turn[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  uint32_t s[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  size_t blocks = (n + 8) / 64 + 1;
  for (size_t at = 0; at < blocks; at++) {
    uint8_t b[64];
    for (size_t i = 0; i < 64; i++) {
      size_t place = at * 64 + i;
      b[i] = place < n ? text[place] : place == n ? 0x80 : 0;
      if (at == blocks - 1 && i >= 56) b[i] = (uint8_t)((uint64_t)n * 8 >> 8 * (i - 56));
    }
    uint32_t m[16], a = s[0], c1 = s[1], c = s[2], d = s[3];
    memcpy(m, b, 64);
    for (int i = 0; i < 64; i++) {
      uint32_t f;
      int g;
      switch (i / 16) {
        case 0: f = (c1 & c) | (~c1 & d); g = i; break;
        case 1: f = (d & c1) | (~d & c); g = (5 * i + 1) % 16; break;
        case 2: f = c1 ^ c ^ d; g = (3 * i + 5) % 16; break;
        default: f = c ^ (c1 | ~d); g = 7 * i % 16;
      }
      f += a + (uint32_t)floor(fabs(sin(i + 1)) * 4294967296.0) + m[g];
      a = d;
      d = c;
      c = c1;
      int r = turn[i / 16][i % 4];
      c1 += f << r | f >> (32 - r);
    }
    s[0] += a; s[1] += c1; s[2] += c; s[3] += d;
  }
  for (int i = 0; i < 16; i++) sprintf(out + 2 * i, "%02x", ((uint8_t *)s)[i]);
}

int main(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int j = 0; j < 8; j++) c = c >> 1 ^ (-(c & 1) & 0xedb88320u);
    table[i] = c;
  }
  static uint8_t text[5000];
  for (size_t i = 0; i < sizeof text; i++) text[i] = (uint8_t)(i * 131 + (i >> 5));
  const char *texts[] = {"", "123456789", "The quick brown fox jumps over the lazy dog"};
  char hex[33];
  for (int i = 0; i < 3; i++) {
    const uint8_t *t = (const uint8_t *)texts[i];
    size_t n = strlen(texts[i]);
    md5(t, n, hex);
    printf("%08x %08x %08x %016llx %s\n", crc_bits(t, n), crc_table(t, n), adler(t, n),
           (unsigned long long)fnv(t, n), hex);
  }
  md5(text, sizeof text, hex);
  printf("%08x %s\n", crc_table(text, sizeof text), hex);
  return crc_table(text, sizeof text) == crc_bits(text, sizeof text) ? 0 : 1;
}
