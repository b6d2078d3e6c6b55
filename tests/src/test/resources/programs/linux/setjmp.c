// setjmp and longjmp out of nested calls, with values and locals that survive.
#include <setjmp.h>
#include <stdio.h>

static jmp_buf back;

static int deep(int n) {
  if (n == 0) longjmp(back, 77);
  return deep(n - 1) + 1;
}

static void chain(jmp_buf *outer, int n) {
  jmp_buf mine;
  int got = setjmp(mine);
  if (got == 0) {
    if (n > 0) chain(&mine, n - 1);
    longjmp(mine, 5);
  }
  printf("level %d got %d\n", n, got);
  if (outer) longjmp(*outer, got + 1);
}

int main(void) {
  volatile int tries = 0;
  double kept = 1.25;
  int got = setjmp(back);
  tries++;
  if (tries < 4) deep(100 * tries);
  printf("%d %d %g\n", got, tries, kept);
  if (setjmp(back) == 0) longjmp(back, 0);
  else printf("0 became 1\n");
  chain(0, 3);
  return tries;
}
