// Non-local returns and volatile locals.
typedef long jmp_buf[40]; int _setjmp(jmp_buf) __attribute__((returns_twice)); void longjmp(jmp_buf, int) __attribute__((noreturn)); void risky(int);
static jmp_buf top; static int depth; int guarded(int x) { volatile int tries = 0; int r = _setjmp(top); if (r == 0) { tries++; risky(x); return tries; } return -r - tries; }
void bail(int code) { if (depth > 3) longjmp(top, code); depth++; bail(code + 1); }
#ifndef __clang__
int builtin(int x) { static void *buffer[5]; if (__builtin_setjmp(buffer)) return 1; if (x) __builtin_longjmp(buffer, 1); return 0; }
#endif
volatile int flag; int wait(void) { int n = 0; while (!flag) n++; flag = 0; return n; } volatile long *port = (volatile long *)0x10000000; void out(long v) { *port = v; port[1]; }
