// Allocates, grows, and frees blocks of all sizes at random, checking what is in them.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 300

static uint32_t seed = 99;
static uint32_t next(void) { return seed = seed * 1664525u + 1013904223u, seed >> 8; }

static size_t size(void) {
  uint32_t kind = next() % 20;
  return kind == 0 ? 200000 + next() % 100000 : kind < 5 ? 1000 + next() % 20000 : 1 + next() % 200;
}

int main(void) {
  static unsigned char *block[N];
  static size_t length[N];
  long wrong = 0, moved = 0;
  for (int round = 0; round < 4000; round++) {
    int i = next() % N;
    if (block[i] && next() % 3) {
      unsigned char mark = (unsigned char)i;
      wrong += block[i][0] != mark || block[i][length[i] - 1] != mark;
      if (next() % 2) {
        free(block[i]);
        block[i] = 0;
      } else {
        size_t n = size();
        unsigned char *other = realloc(block[i], n);
        moved += other != block[i];
        wrong += other[0] != mark;
        block[i] = other;
        length[i] = n;
        other[n - 1] = other[0] = mark;
      }
    } else if (!block[i]) {
      length[i] = size();
      block[i] = next() % 4 ? malloc(length[i]) : calloc(1, length[i]);
      block[i][0] = block[i][length[i] - 1] = (unsigned char)i;
    }
  }
  size_t alive = 0;
  for (int i = 0; i < N; i++) {
    if (block[i]) alive += length[i];
    free(block[i]);
  }
  void *aligned = 0;
  int refused = posix_memalign(&aligned, 4096, 100) || (uintptr_t)aligned % 4096;
  unsigned char *zeros = calloc(1 << 20, 1);
  for (int i = 0; i < 1 << 20; i += 4096) wrong += zeros[i] != 0;
  zeros = realloc(zeros, 8 << 20);
  memset(zeros, 1, 8 << 20);
  zeros = realloc(zeros, 100);
  free(zeros);
  printf("wrong %ld, aligned %d, alive %zu\n", wrong, !refused, alive);
  printf("%d\n", malloc((size_t)-1 / 4) == 0);
  return wrong != 0;
}
