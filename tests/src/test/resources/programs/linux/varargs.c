// printf and its relatives: flags, widths, lengths, our own variadic functions.
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static double sum(const char *kinds, ...) {
  va_list args, again;
  va_start(args, kinds);
  va_copy(again, args);
  double total = 0;
  for (const char *k = kinds; *k; k++) {
    switch (*k) {
      case 'i': total += va_arg(args, int); break;
      case 'l': total += (double)va_arg(args, long); break;
      case 'd': total += va_arg(args, double); break;
      case 's': total += (double)strlen(va_arg(args, const char *)); break;
    }
  }
  total += *kinds == 'i' ? va_arg(again, int) : 0;
  va_end(again);
  va_end(args);
  return total;
}

struct pair { double a; int b; };
static double pairs(int n, ...) {
  va_list args;
  va_start(args, n);
  double total = 0;
  while (n--) {
    struct pair p = va_arg(args, struct pair);
    total += p.a * p.b;
  }
  va_end(args);
  return total;
}

int main(void) {
  printf("[%5d|%-5d|%05d|%+d|% d|%x|%#X|%o|%#o]\n", 42, 42, 42, 42, 42, 255, 255, 8, 8);
  printf("[%lld|%llu|%hhd|%hd|%zu|%jd]\n", LLONG_MIN, ULLONG_MAX, (signed char)300, (short)70000, sizeof(long), (intmax_t)-1);
  printf("[%s|%10s|%-10s|%.2s|%c|%%]\n", "text", "right", "left", "cut", 'c');
  printf("[%8.3f|%-8.2e|%+.0f|%g|%G]\n", 3.14159, 31415.9, 2.5, 1e-5, 1e20);
  printf("[%*d|%-*d|%.*f]\n", 6, 7, 6, 7, 2, 1.005);
  char text[16];
  int n = snprintf(text, sizeof text, "%s", "longer than the buffer");
  printf("%d %s\n", n, text);
  int a, b;
  double c;
  char word[16];
  int got = sscanf("12 0x1f 3.5e2 word rest", "%d %x %lf %15s", &a, &b, &c, word);
  printf("%d: %d %d %g %s\n", got, a, b, c, word);
  printf("%g\n", sum("ildsidlidldldi", 1, 2L, 3.5, "four", 5, 6.5, 7L, 8, 9.5, 10L, 11.5, 12L, 13.5, 14));
  printf("%g\n", pairs(3, (struct pair){1.5, 2}, (struct pair){2.5, 4}, (struct pair){-1, 8}));
  printf("%d\n", fprintf(stderr, "to the other stream\n"));
  return 0;
}
