// Cleanups, exceptions' tables in C, statement expressions, nested scopes.
void release(int *); int acquire(void); int work(int); static void drop(int *p) { if (*p >= 0) release(p); }
int scoped(int x) { int h __attribute__((cleanup(drop))) = acquire(); if (x < 0) return -1; for (int i = 0; i < x; i++) { int k __attribute__((cleanup(drop))) = acquire(); if (k == i) continue; if (work(k)) break; } return h; }
#define LARGER(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
int larger(int a, int b) { return LARGER(work(a), work(b)); } int ranges(int x) { static const int v[] = {[0 ... 3] = 1, [5] = 9, [8 ... 9] = 4}; return v[x]; } int chain(int n) { int s = 0; outer: for (int i = 0; i < n; i++) { for (int j = 0; j < n; j++) { if (work(i * j) == 3) goto done; if (work(j) == 2) { n--; goto outer; } s += j; } } done: return s; }
