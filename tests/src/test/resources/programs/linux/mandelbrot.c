// The Mandelbrot set in double and in float, as text, and how often the two differ.
#include <stdio.h>

static int depth(double x, double y) {
  double a = 0, b = 0;
  int n = 0;
  while (n < 60 && a * a + b * b < 4) {
    double t = a * a - b * b + x;
    b = 2 * a * b + y;
    a = t;
    n++;
  }
  return n;
}
static int shallow(float x, float y) {
  float a = 0, b = 0;
  int n = 0;
  while (n < 60 && a * a + b * b < 4) {
    float t = a * a - b * b + x;
    b = 2 * a * b + y;
    a = t;
    n++;
  }
  return n;
}

int main(void) {
  int differ = 0, sum = 0;
  for (int row = 0; row < 25; row++, putchar('\n'))
    for (int column = 0; column < 64; column++) {
      double x = -2.1 + column * (2.9 / 64), y = -1.2 + row * (2.4 / 25);
      int n = depth(x, y);
      differ += n != shallow((float)x, (float)y);
      sum += n;
      putchar(" .:-=+*#%@"[n / 7 > 9 ? 9 : n / 7]);
    }
  printf("%d %d\n", differ, sum);
  return 0;
}
