// Queens: solutions by bits and by backtracking, and a sudoku.
#include <stdio.h>
#include <string.h>

static int by_bits(unsigned all, unsigned columns, unsigned left, unsigned right) {
  if (columns == all) return 1;
  int n = 0;
  for (unsigned free = all & ~(columns | left | right); free; free &= free - 1) {
    unsigned bit = free & -free;
    n += by_bits(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return n;
}

static int place[12];
static int by_hand(int row, int n) {
  if (row == n) return 1;
  int count = 0;
  for (int c = 0; c < n; c++) {
    int ok = 1;
    for (int r = 0; r < row && ok; r++) ok = place[r] != c && place[r] - c != row - r && c - place[r] != row - r;
    if (ok) {
      place[row] = c;
      count += by_hand(row + 1, n);
    }
  }
  return count;
}

static char grid[82];
static int fits(int at, char v) {
  int row = at / 9, column = at % 9, box = row / 3 * 27 + column / 3 * 3;
  for (int i = 0; i < 9; i++)
    if (grid[row * 9 + i] == v || grid[i * 9 + column] == v || grid[box + i / 3 * 9 + i % 3] == v) return 0;
  return 1;
}
static int solve(int at) {
  while (at < 81 && grid[at] != '.') at++;
  if (at == 81) return 1;
  for (char v = '1'; v <= '9'; v++)
    if (fits(at, v)) {
      grid[at] = v;
      if (solve(at + 1)) return 1;
      grid[at] = '.';
    }
  return 0;
}

int main(void) {
  for (int n = 4; n <= 8; n++) printf("%d queens: %d %d\n", n, by_bits((1u << n) - 1, 0, 0, 0), by_hand(0, n));
  strcpy(grid, "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79");
  printf("%d\n%.9s\n%.9s\n%.9s\n", solve(0), grid, grid + 36, grid + 72);
  return by_bits(255, 0, 0, 0);
}
