// Fields of any width, signed and not, across words; volatile ones; bit tricks.
struct flags { unsigned a : 1, b : 3, c : 12; int d : 5; unsigned long e : 40; int : 0; signed char f : 4; } ;
volatile struct { unsigned ready : 1; unsigned code : 7; unsigned : 8; unsigned value : 16; } device;
int get(const struct flags *f) { return f->a + f->b + f->c + f->d + (int)f->e + f->f; }
void set(struct flags *f, int v) { f->a = v; f->b = v >> 1; f->c = v >> 4; f->d = -v; f->e = (unsigned long)v << 8; f->f = v & 7; }
unsigned poll(void) { while (!device.ready) ; device.ready = 0; return device.value << 8 | device.code; }
struct flags make(int x) { struct flags f = {1, 2, 3, -4, 5, x}; return f; }
unsigned rotate(unsigned x, unsigned n) { return x << (n & 31) | x >> (-n & 31); }
unsigned long swap(unsigned long x) { return __builtin_bswap64(x); }
int ones(unsigned long x) { return __builtin_popcountl(x); }
int leading(unsigned x) { return x ? __builtin_clz(x) : 32; }
int trailing(unsigned long x) { return x ? __builtin_ctzl(x) : 64; }
unsigned reverse(unsigned x) { x = (x & 0x55555555) << 1 | (x >> 1 & 0x55555555); x = (x & 0x33333333) << 2 | (x >> 2 & 0x33333333); x = (x & 0x0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f); return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24; }
long mask(long x, int from, int to) { return x >> from & ((1L << (to - from)) - 1); }
