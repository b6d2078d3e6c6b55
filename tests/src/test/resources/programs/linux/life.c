// The game of life: a glider gun for 120 generations on a torus.
#include <stdio.h>
#include <string.h>

#define W 48
#define H 32
static char cell[2][H][W];

int main(void) {
  static const char *gun[] = {
    "........................O...........", "......................O.O...........",
    "............OO......OO............OO", "...........O...O....OO............OO",
    "OO........O.....O...OO..............", "OO........O...O.OO....O.O...........",
    "..........O.....O.......O...........", "...........O...O....................",
    "............OO......................"};
  for (int y = 0; y < 9; y++) for (int x = 0; gun[y][x]; x++) cell[0][y + 2][x + 2] = gun[y][x] == 'O';
  int now = 0;
  for (int g = 0; g <= 120; g++) {
    int alive = 0;
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++) {
        int n = 0;
        for (int dy = -1; dy <= 1; dy++)
          for (int dx = -1; dx <= 1; dx++)
            n += (dx || dy) && cell[now][(y + dy + H) % H][(x + dx + W) % W];
        alive += cell[now][y][x];
        cell[!now][y][x] = n == 3 || (n == 2 && cell[now][y][x]);
      }
    if (g % 30 == 0) printf("generation %d: %d alive\n", g, alive);
    now = !now;
  }
  for (int y = 0; y < H; y++, putchar('\n')) for (int x = 0; x < W; x++) putchar(cell[now][y][x] ? 'O' : '.');
  return 0;
}
