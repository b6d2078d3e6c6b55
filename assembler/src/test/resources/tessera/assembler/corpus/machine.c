// What bare-metal code does: fixed addresses, memory barriers, tables of vectors, start-up loops.
typedef unsigned int u32; typedef unsigned long u64; extern u64 __bss_start[], _end[], data_load[], data_start[], data_end[]; int main(void);
struct uart { volatile u32 data, status; }; static struct uart *const uart = (struct uart *)0x10000000UL;
void put(char c) { while (uart->status & 1) ; uart->data = c; } void start(void) { for (u64 *p = __bss_start; p < _end; p++) *p = 0; for (u64 *s = data_load, *d = data_start; d < data_end;) *d++ = *s++; main(); for (;;) ; }
static void unused(void) { for (;;) ; } void timer(void); void external(void); void (*const vectors[16])(void) __attribute__((section(".vectors"), aligned(256), used)) = {unused, unused, unused, timer, unused, unused, unused, timer, [8 ... 10] = unused, external, unused};
u64 counter(void) { u64 a, b; do { a = *(volatile u64 *)0x200bff8; b = *(volatile u64 *)0x200bff8; } while (a > b); return b; } void delay(u64 n) { u64 end = counter() + n; while (counter() < end) ; } void dispatch(u64 cause) { if ((long)cause < 0) vectors[cause & 15](); }
