// Large frames, variable-length arrays, alloca, alignment of locals, probing distances.
void use(void *); void *memset(void *, int, unsigned long); void *memcpy(void *, const void *, unsigned long);
int frame(int n) { int big[5000]; use(big); return big[n]; }
long huge(int n) { long a[100000]; memset(a, 0, sizeof a); use(a); return a[n] + a[99999 - n]; }
double variable(int n) { double a[n], b[2 * n]; use(a); use(b); return a[n - 1] + b[0]; }
char *block(unsigned long n) { char *p = __builtin_alloca(n); use(p); return p[0] ? p : 0; }
int aligned(void) { int x __attribute__((aligned(64))) = 3; use(&x); return x; }
struct block { char b[200]; }; struct block stored[4];
void keep(int i, struct block b) { stored[i] = b; } struct block fetch(int i) { return stored[i]; }
int deep(int n) { int here[64]; here[n & 63] = n; use(here); return n ? deep(n - 1) + here[n & 63] : 0; }
void fill(char *p) { memset(p, 0xff, 37); memcpy(p + 40, p, 33); __builtin_memset(p + 100, 0, 8); }
long saved(long a, long b, long c, long d) { use(&a); use(&b); long e = a * b, f = c * d, g = a + d; use(&c); return e + f + g + a + b + c + d; }
