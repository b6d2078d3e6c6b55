// Recursion: Ackermann, Hanoi, permutations, a knight's walk, mutual recursion, deep stacks.
#include <stdio.h>
#include <string.h>

static int ackermann(int m, int n) {
  return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static long hanoi(int n, int from, int to, int by) {
  return n == 0 ? 0 : hanoi(n - 1, from, by, to) + 1 + hanoi(n - 1, by, to, from);
}

static int count;
static unsigned mix;
static void permute(char *a, int k, int n) {
  if (k == n) {
    count++;
    for (int i = 0; i < n; i++) mix = mix * 31 + (unsigned)a[i];
    return;
  }
  for (int i = k; i < n; i++) {
    char t = a[k]; a[k] = a[i]; a[i] = t;
    permute(a, k + 1, n);
    t = a[k]; a[k] = a[i]; a[i] = t;
  }
}

static int odd(unsigned n);
static int even(unsigned n) { return n == 0 ? 1 : odd(n - 1); }
static int odd(unsigned n) { return n == 0 ? 0 : even(n - 1); }

static int board[5][5];
static int walk(int x, int y, int step) {
  static const int dx[] = {1, 2, 2, 1, -1, -2, -2, -1}, dy[] = {2, 1, -1, -2, -2, -1, 1, 2};
  if (x < 0 || y < 0 || x > 4 || y > 4 || board[x][y]) return 0;
  board[x][y] = step;
  if (step == 25) return 1;
  for (int i = 0; i < 8; i++) if (walk(x + dx[i], y + dy[i], step + 1)) return 1;
  return board[x][y] = 0;
}

static long deep(long n, const char *above) {
  char here[200];
  memset(here, (int)n, sizeof here);
  return n == 0 ? here[0] + (above ? above[0] : 0) : deep(n - 1, here) + here[n % 200];
}

int main(void) {
  printf("%d %ld %d\n", ackermann(2, 9), hanoi(14, 0, 1, 2), even(5001));
  char a[] = "abcdefg";
  permute(a, 0, 7);
  printf("%d %08x\n", count, mix);
  printf("%d\n", walk(0, 0, 1));
  for (int i = 0; i < 5; i++) printf("%2d %2d %2d %2d %2d\n", board[i][0], board[i][1], board[i][2], board[i][3], board[i][4]);
  printf("%ld\n", deep(20000, 0));
  return 0;
}
