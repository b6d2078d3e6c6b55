#include <stdio.h>
#include <stdlib.h>
extern long weigh(long, long); extern int counter; extern __thread int mine;
int twice(int x) { return 2 * x; }
int main(int argc, char **argv) { long s = 0; for (int i = 0; i < 5; i++) s += weigh(i, i); counter++; mine += 2; printf("%ld %d %d %d\n", s, counter, mine, twice(argc)); return s == 55 && counter == 42 && mine == 9 ? 0 : 1; }
