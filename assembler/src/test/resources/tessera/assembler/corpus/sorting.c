// Sorting: recursion, function pointers, swaps.
typedef int (*order)(const void *, const void *); typedef unsigned long size_t;
static void swap(char *a, char *b, size_t n) { while (n--) { char t = *a; *a++ = *b; *b++ = t; } }
void insertion(int *a, int n) { for (int i = 1; i < n; i++) { int v = a[i], j = i; while (j && a[j - 1] > v) { a[j] = a[j - 1]; j--; } a[j] = v; } }
void quick(long *a, long low, long high) {
  if (low >= high) return;
  long p = a[low + (high - low) / 2], i = low - 1, j = high + 1;
  for (;;) { do i++; while (a[i] < p); do j--; while (a[j] > p); if (i >= j) break; long t = a[i]; a[i] = a[j]; a[j] = t; }
  quick(a, low, j); quick(a, j + 1, high);
}
static void sift(char *base, size_t at, size_t n, size_t size, order less) {
  for (size_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && less(base + child * size, base + (child + 1) * size) < 0) child++;
    if (less(base + at * size, base + child * size) >= 0) return;
    swap(base + at * size, base + child * size, size);
  }
}
void heap(void *base, size_t n, size_t size, order less) { for (size_t i = n / 2; i--;) sift(base, i, n, size, less); while (n-- > 1) { swap(base, (char *)base + n * size, size); sift(base, 0, n, size, less); } }
void merge(const double *a, int n, const double *b, int m, double *to) { while (n && m) { if (*a <= *b) { *to++ = *a++; n--; } else { *to++ = *b++; m--; } } while (n--) *to++ = *a++; while (m--) *to++ = *b++; }
int by_int(const void *a, const void *b) { int x = *(const int *)a, y = *(const int *)b; return (x > y) - (x < y); }
static const order orders[] = {by_int}; void sort(int *a, int n) { heap(a, n, sizeof *a, orders[0]); }
