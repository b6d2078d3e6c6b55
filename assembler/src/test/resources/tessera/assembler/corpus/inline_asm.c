// Inline assembly: operands, clobbers, labels, sections, symbols.
unsigned long cycles(void) { unsigned long c; __asm__ volatile("rdcycle %0" : "=r"(c)); return c; }
long add(long a, long b) { long r; __asm__("add %0, %1, %2" : "=r"(r) : "r"(a), "rI"(b)); return r; }
void fence(void) { __asm__ volatile("fence rw, w\n\tfence iorw, iorw" ::: "memory"); }
long call(long n, long a, long b) { register long a7 __asm__("a7") = n; register long a0 __asm__("a0") = a; register long a1 __asm__("a1") = b; __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory"); return a0; }
int jump(int x) { __asm__ goto("beqz %0, %l1" : : "r"(x) : : zero); return 1; zero: return 0; }
int loop(int n) { int s = 0; __asm__("1: add %0, %0, %1\n   addi %1, %1, -1\n   bnez %1, 1b" : "+r"(s), "+r"(n)); return s; }
__asm__(".pushsection .note.test, \"a\", @note\n.balign 4\n.long 2f-1f, 4f-3f, 1\n1: .asciz \"Test\"\n2: .balign 4\n3: .dword 42\n4: .balign 4\n.popsection");
__asm__(".globl raw\n.type raw, @function\nraw:\n\tli a0, 0x123456789abcdef0\n\tret\n.size raw, .-raw");
void *where(void) { void *p; __asm__("lla %0, raw" : "=r"(p)); return p; }
extern int weak_one __attribute__((weak)); int *maybe(void) { return &weak_one; }
long load(const long *p) { long v; __asm__("ld %0, %1" : "=r"(v) : "m"(*p)); return v; }
void store(int *p, int v) { __asm__("sw %1, %0" : "=m"(p[3]) : "r"(v)); }
unsigned swap_csr(unsigned v) { unsigned old; __asm__ volatile("csrrw %0, fcsr, %1" : "=r"(old) : "r"(v)); return old; }
