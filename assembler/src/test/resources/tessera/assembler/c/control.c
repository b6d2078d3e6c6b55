/* Stack frames, varargs, recursion, inline assembly, constructors, computed goto. */
#include <stdarg.h>

extern void *take(void *);
extern int many(int, int, int, int, int, int, int, int, int, int);

long sum(int n, ...) {
  va_list list;
  long total = 0;
  va_start(list, n);
  for (int i = 0; i < n; i++) total += va_arg(list, long);
  va_end(list);
  return total;
}

int big(int i) {
  char frame[5000];
  take(frame);
  return frame[i] + many(1, 2, 3, 4, 5, 6, 7, 8, 9, i);
}

int grow(int n) { char *p = __builtin_alloca(n); take(p); return p[n - 1]; }
long fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

long cycles(void) {
  long x, y;
  __asm__ volatile("rdcycle %0\n\tcsrr %1, instret\n1:\tbnez %0, 2f\n\tj 1b\n2:" : "=r"(x), "=r"(y));
  __asm__ volatile("fence rw, w; fence" ::: "memory");
  return x + y;
}

int goes(const unsigned char *p) {
  static void *const to[] = {&&add, &&sub, &&end};
  int r = 0;
  goto *to[*p++];
add: r += *p++; goto *to[*p++];
sub: r -= *p++; goto *to[*p++];
end: return r;
}

__attribute__((constructor)) static void start(void) { take(0); }
__attribute__((noinline, cold)) static void fail(void) { take((void *)1); __builtin_trap(); }
void check(int x) { if (__builtin_expect(x, 0)) fail(); }
