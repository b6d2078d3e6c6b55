// Dense, sparse and nested switches, jump tables, computed gotos.
int dense(int x) { switch (x) { case 0: return 5; case 1: return 17; case 2: return 3; case 3: return 99; case 4: return -1; case 5: return 8; case 6: return 1000; case 7: return 42; default: return 0; } }
long act(int x, long v) {
  switch (x) {
    case 10: v += 3; break; case 11: v *= 7; case 12: v -= 2; break; case 13: v <<= 3; break; case 14: v /= 3; break;
    case 15: v %= 10; break; case 16: v = -v; break; case 17: v ^= 0x55; break; case 18: return v; default: v = 0;
  }
  return v + 1;
}
const char *word(unsigned c) { switch (c) { case 1: return "one"; case 100: return "hundred"; case 1000: return "thousand"; case 1000000: return "million"; } return "many"; }
int nested(int a, int b) { switch (a) { case 1: switch (b) { case 1: return 11; case 2: return 12; default: return 19; } case 2: return b > 3 ? 23 : 20; case 3: case 4: case 5: return 30 + b; } return 0; }
int interpret(const unsigned char *code, int *stack) {
  static const void *const ops[] = {&&push, &&add, &&multiply, &&swap, &&halt};
  goto *ops[*code];
push: *stack++ = code[1]; code += 2; goto *ops[*code];
add: stack--; stack[-1] += stack[0]; goto *ops[*++code];
multiply: stack--; stack[-1] *= stack[0]; goto *ops[*++code];
swap: { int t = stack[-1]; stack[-1] = stack[-2]; stack[-2] = t; } goto *ops[*++code];
halt: return stack[-1];
}
int range(int c) { switch (c) { case '0' ... '9': return c - '0'; case 'a' ... 'f': return c - 'a' + 10; case 'A' ... 'F': return c - 'A' + 10; default: return -1; } }
