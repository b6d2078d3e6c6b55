// Bit tricks against plain loops: counts, reversals, parities, multiplications without *.
#include <stdint.h>
#include <stdio.h>

static uint64_t seed = 5;
static uint64_t next(void) {
  seed += 0x9e3779b97f4a7c15ull;
  uint64_t z = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return z ^ z >> 31;
}

static int slow_count(uint64_t x) { int n = 0; while (x) { n += x & 1; x >>= 1; } return n; }
static uint64_t reverse(uint64_t x) {
  uint64_t r = 0;
  for (int i = 0; i < 64; i++) r |= (x >> i & 1) << (63 - i);
  return r;
}
static uint64_t fast_reverse(uint64_t x) {
  x = (x >> 1 & 0x5555555555555555ull) | (x & 0x5555555555555555ull) << 1;
  x = (x >> 2 & 0x3333333333333333ull) | (x & 0x3333333333333333ull) << 2;
  x = (x >> 4 & 0x0f0f0f0f0f0f0f0full) | (x & 0x0f0f0f0f0f0f0f0full) << 4;
  return __builtin_bswap64(x);
}
static uint64_t carryless(uint64_t a, uint64_t b) {
  uint64_t r = 0;
  for (int i = 0; i < 64; i++) if (b >> i & 1) r ^= a << i;
  return r;
}
static uint64_t rotate(uint64_t x, int n) { return x << (n & 63) | x >> (-n & 63); }

int main(void) {
  int wrong = 0;
  uint64_t mix = 0;
  for (int i = 0; i < 2000; i++) {
    uint64_t x = next() >> (next() & 63), y = next();
    wrong += slow_count(x) != __builtin_popcountll(x);
    wrong += reverse(x) != fast_reverse(x);
    wrong += x && (63 - __builtin_clzll(x)) != 63 - __builtin_ctzll(reverse(x));
    wrong += (x & -x) != (x ? 1ull << __builtin_ctzll(x) : 0);
    wrong += __builtin_parityll(x) != (slow_count(x) & 1);
    wrong += (int64_t)x / 8 != ((int64_t)x + ((int64_t)x >> 63 & 7)) >> 3;
    wrong += (uint32_t)x / 10 != (uint32_t)((uint64_t)(uint32_t)x * 0xcccccccdull >> 35);
    mix = rotate(mix, 7) ^ carryless(x, y) ^ (uint64_t)((unsigned __int128)x * y >> 64);
    mix += (int64_t)x % ((int64_t)(y >> 40) + 1) + (int32_t)x / ((int32_t)(y >> 50) + 1);
  }
  int64_t least = INT64_MIN;
  volatile int32_t least32 = INT32_MIN, minus = -1;
  printf("wrong %d mix %016llx\n", wrong, (unsigned long long)mix);
  printf("%lld %d\n", (long long)(least >> 63), least32 + minus > 0);
  for (uint32_t v = 1, i = 0; i < 5; i++) { // next number with as many bits
    uint32_t t = (v | (v - 1)) + 1;
    v = t | ((((t & -t) / (v & -v)) >> 1) - 1);
    printf("%u ", v);
  }
  printf("\n");
  return wrong;
}
