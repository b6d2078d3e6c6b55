// String literals with escapes, merged constants, tables of pointers to them.
typedef unsigned long size_t;
const char plain[] = "plain";
const char escapes[] = "tab\t nl\n cr\r bell\a quote\" back\\ nul\0 after oct\177 hex\xfe\xff end";
const char wide8[] = "grüße — 你好 \U0001f600";
const unsigned short wide16[] = u"gr\u00fc\u00dfe";
const unsigned int wide32[] = U"\U0001f600!";
static const char *const names[] = {"zero", "one", "two", "three", "zero", "", "a;b#c//d/*e*/", 0};
size_t length(const char *s) { const char *p = s; while (*p) p++; return p - s; }
char *copy(char *to, const char *from) { char *r = to; while ((*to++ = *from++)) ; return r; }
int compare(const char *a, const char *b) { while (*a && *a == *b) a++, b++; return (unsigned char)*a - (unsigned char)*b; }
const char *name(unsigned i) { return i < sizeof names / sizeof *names ? names[i] : "none"; }
int is_known(const char *s) { for (int i = 0; names[i]; i++) if (!compare(names[i], s)) return 1; return 0; }
void upper(char *s) { for (; *s; s++) if (*s >= 'a' && *s <= 'z') *s -= 32; }
size_t count(const char *s, char c) { size_t n = 0; while (*s) n += *s++ == c; return n; }
const char *find(const char *s, const char *what) {
  for (; *s; s++) { const char *a = s, *b = what; while (*b && *a == *b) a++, b++; if (!*b) return s; }
  return 0;
}
