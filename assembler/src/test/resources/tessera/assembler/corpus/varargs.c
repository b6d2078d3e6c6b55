// Functions with any number of arguments, of all classes.
#include <stdarg.h>
int vsnprintf(char *, unsigned long, const char *, va_list); int printf(const char *, ...);
long sum(int n, ...) { va_list a; va_start(a, n); long s = 0; while (n--) s += va_arg(a, long); va_end(a); return s; }
double mean(int n, ...) { va_list a; va_start(a, n); double s = 0; for (int i = 0; i < n; i++) s += va_arg(a, double); va_end(a); return s / n; }
int format(char *to, unsigned long size, const char *f, ...) { va_list a, b; va_start(a, f); va_copy(b, a); int n = vsnprintf(to, size, f, a); if (n < 0) n = vsnprintf(to, size, "%s", b); va_end(b); va_end(a); return n; }
struct pair { long a, b; };
long pairs(int n, ...) { va_list a; va_start(a, n); long s = 0; while (n--) { struct pair p = va_arg(a, struct pair); s += p.a * p.b; } va_end(a); return s; }
int say(int a, double b, const char *c, float d, char e, long f, short g, unsigned h, long long i, void *j) { return printf("%d %f %s %g %c %ld %hd %u %lld %p\n", a, b, c, d, e, f, g, h, i, j); }
long many(long a, long b, long c, long d, long e, long f, long g, long h, long i, int j, char k, double l) { return a + b + c + d + e + f + g + h + i + j + k + (long)l; }
long call(void) { struct pair p = {1, 2}; return many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.5) + pairs(2, p, p) + sum(3, 1L, 2L, 3L) + (long)mean(2, 1.0, 2.0); }
