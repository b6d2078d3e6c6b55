// Tail calls, recursion, function pointers, nested calls, attributes of functions.
int external(int); int external2(int, int); void nothing(void); int (*pointer)(int);
int tail(int x) { return external(x + 1); } int through(int x) { return pointer(x) + 1; } int tail_through(int (*f)(int), int x) { return f(x); } int nested(int x) { return external2(external(x), external2(x, external(1))); }
static int internal(int x) { return x * x + external(x); } int user(int x) { return internal(x) + internal(x + 1); } int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
int even(unsigned n); int odd(unsigned n) { return n == 0 ? 0 : even(n - 1); } int even(unsigned n) { return n == 0 ? 1 : odd(n - 1); } unsigned ack(unsigned m, unsigned n) { return !m ? n + 1 : !n ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
void loop(int n) { for (int i = 0; i < n; i++) nothing(); } __attribute__((noreturn)) void stop(void) { for (;;) nothing(); } __attribute__((noinline)) static long many(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) { return a - b + c - d + e - f + g - h + i - j; }
long spill(long a, long b) { return many(a, b, a + b, a - b, a * b, a ^ b, a | b, a & b, ~a, -b) + many(b, a, 1, 2, 3, 4, 5, 6, 7, 8); } int choose(int c) { return (c ? external : fib)(c); }
__attribute__((naked)) void bare(void) { __asm__("ret"); } int slow(int x) { return x + x; }
struct operations { int (*open)(int); void (*close)(void); int flags; }; const struct operations ops = {external, nothing, 3}; int run(const struct operations *o) { int r = o->open(o->flags); o->close(); return r; }
