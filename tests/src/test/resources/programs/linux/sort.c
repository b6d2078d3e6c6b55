// Sorting: qsort, a merge sort, a heap sort and bsearch agree on the same numbers.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 4000

static unsigned seed = 1;
static unsigned next(void) { return seed = seed * 1664525u + 1013904223u; }

static int by_value(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

static void merge_sort(int *a, int *spare, int n) {
  if (n < 2) return;
  int half = n / 2;
  merge_sort(a, spare, half);
  merge_sort(a + half, spare, n - half);
  int i = 0, j = half, k = 0;
  while (i < half && j < n) spare[k++] = a[j] < a[i] ? a[j++] : a[i++];
  while (i < half) spare[k++] = a[i++];
  while (j < n) spare[k++] = a[j++];
  memcpy(a, spare, n * sizeof *a);
}

static void sift(int *a, int root, int n) {
  for (int child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && a[child + 1] > a[child]) child++;
    if (a[root] >= a[child]) return;
    int t = a[root];
    a[root] = a[child];
    a[child] = t;
  }
}

static void heap_sort(int *a, int n) {
  for (int i = n / 2; i-- > 0;) sift(a, i, n);
  for (int end = n - 1; end > 0; end--) {
    int t = a[0];
    a[0] = a[end];
    a[end] = t;
    sift(a, 0, end);
  }
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(void) {
  static int a[N], b[N], c[N], spare[N];
  for (int i = 0; i < N; i++) a[i] = b[i] = c[i] = (int)next() >> 8;
  qsort(a, N, sizeof *a, by_value);
  merge_sort(b, spare, N);
  heap_sort(c, N);
  printf("same %d %d\n", memcmp(a, b, sizeof a), memcmp(a, c, sizeof a));
  int found = 0;
  for (int key = -1000; key < 1000; key++) found += bsearch(&key, a, N, sizeof *a, by_value) != 0;
  int *place = bsearch(&a[N / 3], a, N, sizeof *a, by_value);
  printf("least %d most %d found %d at %d\n", a[0], a[N - 1], found, place && *place == a[N / 3]);
  const char *words[] = {"tile", "vector", "scalar", "hart", "trap", "csr", "accumulator", "lane"};
  qsort(words, 8, sizeof *words, by_text);
  for (int i = 0; i < 8; i++) printf("%s%c", words[i], i < 7 ? ' ' : '\n');
  return 0;
}
