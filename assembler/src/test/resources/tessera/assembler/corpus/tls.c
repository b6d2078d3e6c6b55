// Variables of a thread in all access models.
__thread int plain = 3; static __thread long hidden; extern __thread int other;
__thread int exec __attribute__((tls_model("local-exec"))) = 7; extern __thread long initial __attribute__((tls_model("initial-exec")));
__thread char buffer[100]; __thread struct { int a; double b; } pair = {1, 2.0};
int read(void) { return plain + other + exec; }
void write(long v) { plain = v; hidden += v; exec = v; initial = v; }
int *place(void) { return &plain; } long *hidden_place(void) { return &hidden; } long *initial_place(void) { return &initial; }
char at(int i) { return buffer[i]; } void put(int i, char c) { buffer[i] = c; }
double of_pair(void) { pair.a++; return pair.b * pair.a; }
static __thread int counters[8]; int count(int i) { return ++counters[i & 7]; }
