// Definitions of every kind: common, initialised, constant, weak, aliased, hidden, in own sections.
int zeroed; int set = 5; const int constant = 7; static int local = 9; static int local_zero[10]; static const double local_constant[3] = {1, 2, 3};
extern int outside; extern int outside_weak __attribute__((weak)); int weak_def __attribute__((weak)) = 3;
int hidden __attribute__((visibility("hidden"))) = 1; int protected_ __attribute__((visibility("protected"))) = 2; extern int hidden_extern __attribute__((visibility("hidden")));
int in_section __attribute__((section(".mydata"))) = 4; const char in_read_only[] __attribute__((section(".myrodata,\"a\",@progbits#"))) = "x";
int *const to_outside = &outside; int *to_local = &local; long difference = (long)1234567890123; void (*handlers[])(void); char big[1 << 20]; short aligned __attribute__((aligned(4096)));
void f(void) {} void g(void) __attribute__((alias("f"))); extern void h(void) __attribute__((weak, alias("f"))); void cold(void) __attribute__((cold, noinline)); void cold(void) { outside = 1; }
void (*handlers[])(void) = {f, g, h, cold, 0}; static void first(void) __attribute__((constructor)); static void first(void) { zeroed = 1; } static void last(void) __attribute__((destructor(200))); static void last(void) { zeroed = 0; }
int everything(void) { return zeroed + set + constant + local + local_zero[3] + (int)local_constant[1] + outside + (&outside_weak ? outside_weak : 0) + weak_def + hidden + protected_ + hidden_extern + in_section + in_read_only[0] + *to_local; }
void change(int x) { zeroed = x; set += x; local++; local_zero[x & 7] = x; hidden = x; in_section -= x; big[x] = 1; aligned = x; }
static int ifunc_target(void) { return 1; } static void *choose(void) { return ifunc_target; } int chosen(void) __attribute__((ifunc("choose"))); int call(void) { return chosen(); }
int used __attribute__((used)) = 1; static int kept __attribute__((used, section(".keep"))) = 2;
