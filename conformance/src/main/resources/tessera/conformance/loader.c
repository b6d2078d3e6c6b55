/* Runs a batch of cases under qemu's user mode. A case is the state of all registers and a place in a blob of code; what comes
   out is the state at the first signal, which the zero word behind the code raises if nothing did before. The signal handler
   saves the state that it finds in its frame, installs the next case's in the same frame, and returns there: no register is
   taken from the cases. Everything is little-endian 64-bit words.

   in:  header, code, images of the arena, cases
   out: results in the order of the cases

   Compiled without a library: riscv64-linux-gnu-gcc -march=rv64im_zicsr -mabi=lp64 -O2 -mcmodel=medany -nostdlib -static -ffreestanding
   -Wl,--no-relax: gp is the cases'. */

typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned char u8;

#define MAGIC 0x3163617365737465UL
#define VECTOR_REGISTERS 32

enum { HEADER_MAGIC, HEADER_CASES, HEADER_VLENB, HEADER_CODE, HEADER_CODE_BYTES, HEADER_ARENA, HEADER_ARENA_BYTES, HEADER_IMAGES, HEADER_FLUSH, HEADER_ATOMIC, HEADER_WORDS };

/* Of a case and of a result; a case has no cause and address, its vl is the length that is asked for. */
struct state {
  u64 signal, code, address, image, pc, x[32], f[32], fcsr, vstart, vcsr, vtype, vl;
  u8 v[];
};

/* The kernel's frame of a signal (asm/ucontext.h), as far as it is used. */
struct frame {
  u64 flags, link, stack[3], mask, unused[16];
  u64 pc, x[31], f[32];
  u32 fcsr;
};

struct info { int signal, error, code, padding; u64 address; };

static u64 *header;
static u8 *code, *images, *cases;
static u64 *arena;
static u64 vlenb, record, next;
static u8 *out, *out_at;

static long call(long number, long a, long b, long c, long d, long e, long f) {
  register long a0 asm("a0") = a;
  register long a1 asm("a1") = b;
  register long a2 asm("a2") = c;
  register long a3 asm("a3") = d;
  register long a4 asm("a4") = e;
  register long a5 asm("a5") = f;
  register long a7 asm("a7") = number;
  asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
  return a0;
}

enum { READ = 63, WRITE = 64, EXIT = 93, SIGALTSTACK = 132, SIGACTION = 134, MMAP = 222, MPROTECT = 226 };

static void leave(int status) {
  for (;;) call(EXIT, status, 0, 0, 0, 0, 0);
}

static u8 *map(u64 at, u64 bytes, int fixed) {
  long got = call(MMAP, (long)at, (long)bytes, 3, 0x22 | (fixed ? 0x10 : 0), -1, 0);
  if (got < 0 && got > -4096) leave(3);
  return (u8 *)got;
}

static void copy(u64 *to, const u64 *from, u64 bytes) {
  for (u64 i = 0; i < bytes / 8; i++) {
    to[i] = from[i];
    asm volatile("" ::: "memory");
  }
}

static void flush(void) {
  for (u8 *p = out; p < out_at;) {
    long n = call(WRITE, 1, (long)p, out_at - p, 0, 0, 0);
    if (n <= 0) leave(4);
    p += n;
  }
  out_at = out;
}

#define VECTOR(text, ...) asm volatile(".option push\n.option arch, +v\n" text "\n.option pop" __VA_ARGS__)

static void save_vectors(struct state *to) {
  u64 vstart, vcsr, vtype, vl;
  VECTOR("csrr %0, vstart\ncsrr %1, vcsr\ncsrr %2, vtype\ncsrr %3, vl\ncsrw vstart, zero", : "=r"(vstart), "=r"(vcsr), "=r"(vtype), "=r"(vl));
  to->vstart = vstart;
  to->vcsr = vcsr;
  to->vtype = vtype;
  to->vl = vl;
  u8 *p = to->v;
  VECTOR("vs8r.v v0, (%0)\nvs8r.v v8, (%1)\nvs8r.v v16, (%2)\nvs8r.v v24, (%3)", ::"r"(p), "r"(p + 8 * vlenb), "r"(p + 16 * vlenb), "r"(p + 24 * vlenb) : "memory");
}

static void load_vectors(const struct state *from) {
  const u8 *p = from->v;
  VECTOR("vl8re8.v v0, (%0)\nvl8re8.v v8, (%1)\nvl8re8.v v16, (%2)\nvl8re8.v v24, (%3)", ::"r"(p), "r"(p + 8 * vlenb), "r"(p + 16 * vlenb), "r"(p + 24 * vlenb) : "memory");
  VECTOR("vsetvl zero, %0, %1\ncsrw vcsr, %2\ncsrw vstart, %3", ::"r"(from->vl), "r"(from->vtype), "r"(from->vcsr), "r"(from->vstart) : "memory");
}

static void save(const struct info *info, const struct frame *frame, u64 image) {
  struct state *to = (struct state *)out_at;
  if (vlenb) save_vectors(to);
  to->signal = (u64)info->signal;
  to->code = (u64)info->code;
  to->address = info->address;
  to->image = image;
  to->pc = frame->pc;
  to->x[0] = 0;
  copy(to->x + 1, frame->x, sizeof frame->x);
  copy(to->f, frame->f, sizeof frame->f);
  to->fcsr = frame->fcsr;
  u64 *changes = (u64 *)(out_at + record);
  u64 n = 0;
  const u64 *was = (const u64 *)(images + image * header[HEADER_ARENA_BYTES]);
  for (u64 i = 0; i < header[HEADER_ARENA_BYTES] / 8; i++) {
    if (arena[i] != was[i]) {
      changes[1 + 2 * n] = i;
      changes[2 + 2 * n] = arena[i];
      arena[i] = was[i];
      n++;
    }
  }
  changes[0] = n;
  out_at = (u8 *)(changes + 1 + 2 * n);
}

/* A case begins without a reservation, which qemu keeps over signals. */
static void forget_reservation(void) {
  static u32 word;
  u32 failed;
  asm volatile(".option push\n.option arch, +a\nsc.w %0, zero, (%1)\n.option pop" : "=&r"(failed) : "r"(&word) : "memory");
}

static void install(struct frame *frame, u64 image, int first) {
  const struct state *from = (const struct state *)(cases + next * record);
  if (first || from->image != image) copy(arena, (const u64 *)(images + from->image * header[HEADER_ARENA_BYTES]), header[HEADER_ARENA_BYTES]);
  frame->pc = from->pc;
  copy(frame->x, from->x + 1, sizeof frame->x);
  copy(frame->f, from->f, sizeof frame->f);
  frame->fcsr = (u32)from->fcsr;
  if (header[HEADER_ATOMIC]) forget_reservation();
  if (vlenb) load_vectors(from);
}

static void on_signal(int signal, struct info *info, struct frame *frame) {
  (void)signal;
  static u64 image;
  int first = next == 0;
  if (!first) {
    save(info, frame, image);
    if (next % header[HEADER_FLUSH] == 0 || next == header[HEADER_CASES]) flush();
    if (next == header[HEADER_CASES]) leave(0);
  }
  install(frame, image, first);
  image = ((const struct state *)(cases + next * record))->image;
  next++;
}

static void read_all(u8 *to, u64 bytes) {
  for (u64 done = 0; done < bytes;) {
    long n = call(READ, 0, (long)(to + done), (long)(bytes - done), 0, 0, 0);
    if (n <= 0) leave(5);
    done += (u64)n;
  }
}

static void handle_signals(void) {
  static const int signals[] = {4, 5, 7, 8, 11};
  u64 bytes = 1 << 16;
  u64 stack[3] = {(u64)map(0, bytes, 0), 0, bytes};
  call(SIGALTSTACK, (long)stack, 0, 0, 0, 0, 0);
  u64 action[3] = {(u64)on_signal, 0x48000004, 0}; /* SIGINFO, ONSTACK, NODEFER */
  for (u64 i = 0; i < sizeof signals / sizeof *signals; i++) call(SIGACTION, signals[i], (long)action, 0, 8, 0, 0);
}

void _start(void) {
  header = (u64 *)map(0, 4096, 0);
  read_all((u8 *)header, HEADER_WORDS * 8);
  if (header[HEADER_MAGIC] != MAGIC) leave(2);
  vlenb = header[HEADER_VLENB];
  record = sizeof(struct state) + VECTOR_REGISTERS * vlenb;
  code = map(header[HEADER_CODE], header[HEADER_CODE_BYTES], 1);
  read_all(code, header[HEADER_CODE_BYTES]);
  call(MPROTECT, (long)code, (long)header[HEADER_CODE_BYTES], 5, 0, 0, 0);
  u64 arenas = 0;
  for (u64 i = 0; i < header[HEADER_IMAGES]; i++) arenas += header[HEADER_ARENA_BYTES];
  images = map(0, arenas, 0);
  read_all(images, arenas);
  u64 all = 0;
  for (u64 i = 0; i < header[HEADER_CASES]; i++) all += record;
  cases = map(0, all, 0);
  read_all(cases, all);
  arena = (u64 *)map(header[HEADER_ARENA], header[HEADER_ARENA_BYTES], 1);
  u64 room = 4096;
  for (u64 i = 0; i < header[HEADER_FLUSH]; i++) room += record + 8 + 2 * header[HEADER_ARENA_BYTES];
  out = out_at = map(0, room, 0);
  handle_signals();
  asm volatile("ebreak");
  leave(6);
}
