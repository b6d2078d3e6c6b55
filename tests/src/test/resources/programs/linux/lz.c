// LZ77 with a hash of three bytes: packs a text, unpacks it, compares.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST (1 << 16)

static unsigned hash(const unsigned char *p) { return (p[0] * 506832829u ^ p[1] * 65599u ^ p[2] * 31u) & 4095; }

// A byte with eight flags, then for each a literal or (distance, length) in 16 + 8 bits.
static size_t pack(const unsigned char *in, size_t n, unsigned char *out) {
  int head[4096];
  memset(head, -1, sizeof head);
  size_t at = 0, o = 0;
  while (at < n) {
    size_t flags = o++;
    out[flags] = 0;
    for (int bit = 0; bit < 8 && at < n; bit++) {
      size_t length = 0, distance = 0;
      if (at + 3 <= n) {
        unsigned h = hash(in + at);
        int from = head[h];
        head[h] = (int)at;
        if (from >= 0 && at - from < 65536) {
          distance = at - from;
          while (at + length < n && length < 255 && in[from + length] == in[at + length]) length++;
        }
      }
      if (length >= 4) {
        out[flags] |= 1 << bit;
        out[o++] = distance & 255;
        out[o++] = distance >> 8;
        out[o++] = length;
        at += length;
      } else {
        out[o++] = in[at++];
      }
    }
  }
  return o;
}

static size_t unpack(const unsigned char *in, size_t n, unsigned char *out) {
  size_t i = 0, o = 0;
  while (i < n) {
    unsigned flags = in[i++];
    for (int bit = 0; bit < 8 && i < n; bit++) {
      if (flags >> bit & 1) {
        size_t distance = in[i] | in[i + 1] << 8, length = in[i + 2];
        i += 3;
        while (length--) { out[o] = out[o - distance]; o++; }
      } else {
        out[o++] = in[i++];
      }
    }
  }
  return o;
}

int main(void) {
  unsigned char *text = malloc(MOST), *packed = malloc(2 * MOST), *again = malloc(MOST);
  size_t n = 0;
  unsigned seed = 7;
  const char *words[] = {"tile ", "matrix ", "of ", "the ", "product ", "row ", "column ", "and "};
  while (n < MOST - 16) {
    seed = seed * 1103515245u + 12345u;
    const char *w = words[seed >> 16 & 7];
    memcpy(text + n, w, strlen(w));
    n += strlen(w);
  }
  size_t p = pack(text, n, packed);
  size_t u = unpack(packed, p, again);
  printf("%zu -> %zu -> %zu, %s\n", n, p, u, u == n && !memcmp(text, again, n) ? "same" : "differs");
  unsigned sum = 0;
  for (size_t i = 0; i < p; i++) sum = sum * 31 + packed[i];
  printf("%08x\n", sum);
  free(text);
  free(packed);
  free(again);
  return u != n;
}
