/* Jump tables, far branches, string tables. */
static const char *const names[] = {"zero", "one", "two", "three", "four", "five", "six", "seven"};

extern void report(const char *, int);
extern volatile int sink;

#define FEW sink += 3; sink ^= 0x12345; sink *= 7; sink -= sink << 3;
#define MANY FEW FEW FEW FEW FEW FEW FEW FEW FEW FEW FEW FEW FEW FEW FEW FEW

int choose(int what, int a, int b) {
  switch (what) {
    case 0: return a + b;
    case 1: return a - b;
    case 2: return a * b;
    case 3: return b ? a / b : 0;
    case 4: return a << (b & 31);
    case 5: return a >> (b & 31);
    case 6: return a & b;
    case 7: return a | b;
    case 9: report(names[a & 7], b); return 9;
    case 12: return ~a;
    default: return -1;
  }
}

int far(int n) {
  int count = 0;
  while (n-- > 0) {
    if (n & 1) {
      MANY MANY MANY
      count++;
    } else if (n == 77) {
      MANY MANY
      continue;
    }
    MANY MANY MANY
  }
  return count;
}

const char *name(unsigned i) { return i < 8 ? names[i] : "\t\"quoted\"\\ \001 \xc3\xa9\n"; }
