// String and memory functions of the C library at all alignments.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static unsigned mix = 17;
static void take(long v) { mix = mix * 16777619u ^ (unsigned)v; }
static int sign(int v) { return (v > 0) - (v < 0); }

int main(void) {
  static char a[300], b[300];
  for (int from = 0; from < 9; from++)
    for (int to = 0; to < 9; to++)
      for (int n = 0; n < 70; n += 7) {
        for (int i = 0; i < 300; i++) a[i] = (char)('a' + (i * 7 + from) % 26), b[i] = '#';
        memcpy(b + to, a + from, n);
        take(memcmp(b + to, a + from, n));
        take(b[to + n]);
        memmove(a + to, a + from, n);
        a[to + n] = 0;
        take((long)strlen(a + to));
        strcpy(b + from, a + to);
        take(strcmp(b + from, a + to));
        take(sign(strncmp(a + from, a + to, 5)));
        char *found = strchr(a + to, 'q');
        take(found ? found - a : -1);
        found = memchr(a, 'z', 100);
        take(found ? found - a : -1);
        memset(a + from, '-', n);
        take(a[from] + a[from + n]);
      }
  printf("%08x\n", mix);
  char text[] = "one, two,,three;four";
  for (char *w = strtok(text, ",; "); w; w = strtok(0, ",; ")) printf("<%s>", w);
  printf("\n%s %s %zu %zu\n", strstr("a needle in a haystack", "need"), strrchr("a/b/c", '/'), strspn("aabbc", "ab"), strcspn("hello", "lo"));
  printf("%d %d %d\n", sign(strcasecmp("HeLLo", "hello")), sign(strcmp("a", "b")), sign(memcmp("b", "a", 1)));
  char up[] = "mixed Case 123";
  for (char *p = up; *p; p++) *p = (char)toupper((unsigned char)*p);
  char *copy = strdup(up);
  strncat(copy + 5, "", 1);
  printf("%s %ld %lu %ld\n", copy, strtol("-0x7f", 0, 0), strtoul("777", 0, 8), atol("12abc"));
  free(copy);
  return 0;
}
