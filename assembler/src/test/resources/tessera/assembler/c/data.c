/* Objects of every kind: initialised, zero, common, constant, thread-local, weak, hidden, aligned. */
typedef struct node { struct node *next; short kind; char tag; double weight; float small; } node;

extern int elsewhere[];
int zeroed[100];
static int counter;
static char buffer[33];
int initialised = 42;
const long table[] = {1, -2, 0x7fffffffffffffffL, (long)0x8000000000000000UL};
static node tail = {0, 7, 'x', 1.0 / 3, 0.1f};
node head = {&tail, -1, 'y', -0.0, 1e30f};
int *inside = &zeroed[17];
char *after = (char *)&elsewhere[3] + 2;
__thread int own = 5;
static __thread long own_zero;
__attribute__((weak)) int maybe = 1;
__attribute__((visibility("hidden"))) int hidden = 2;
__attribute__((aligned(256))) char aligned[3] = "ab";
__attribute__((section(".data.special"))) int special = 3;
static int (*const calls[])(int) = {0};
extern int maybe_not(void) __attribute__((weak));
const char text[] = "one\0two";
float f[] = {1.5f, -2.25f, 1.17549435e-38f, __builtin_inff(), __builtin_nanf("")};
_Bool yes = 1;

int next(void) { return ++counter + (int)own + (int)++own_zero; }
int *where(int i) { return i ? &zeroed[i] : &special; }
char put(int i, char c) { buffer[i] = c; return buffer[i + 1]; }
int *thread(void) { return &own; }
int call(int i) { return calls[0] ? calls[0](i) : maybe_not ? maybe_not() : hidden + maybe + aligned[i]; }
