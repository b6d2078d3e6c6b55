// Signals: handlers by raise, kill and faults, masks, alternate stacks, ucontext; ends by abort.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t seen, nested;
static sigjmp_buf back;
static char alternate[64 * 1024];
static volatile double kept = 1.5;

static void count(int signal) { seen = seen * 100 + signal; }

static void nest(int signal) {
  nested = nested * 10 + 1;
  if (signal == SIGUSR1) raise(SIGUSR2);
  nested = nested * 10 + 2;
  volatile double x = 3.25;
  kept += x * 0;
}

static void fault(int signal, siginfo_t *info, void *context) {
  ucontext_t *u = context;
  printf("signal %d, code %d, address %s, sp %s\n", signal, info->si_code,
         signal != SIGSEGV || info->si_addr == (void *)16 ? "right" : "wrong",
         (char *)__builtin_frame_address(0) > alternate && (char *)__builtin_frame_address(0) < alternate + sizeof alternate
             ? "alternate" : "usual");
  if (signal == SIGILL) u->uc_mcontext.__gregs[REG_PC] += 4;
  else siglongjmp(back, signal);
}

static void leave(void) { printf("atexit is not for abort\n"); }

int main(void) {
  signal(SIGUSR1, count);
  struct sigaction action = {.sa_handler = count};
  sigaction(SIGUSR2, &action, 0);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR2);
  printf("seen %d\n", (int)seen);
  sigset_t set, old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &old);
  raise(SIGUSR1);
  raise(SIGUSR1);
  sigpending(&set);
  printf("blocked: seen %d pending %d\n", (int)seen, sigismember(&set, SIGUSR1));
  sigprocmask(SIG_SETMASK, &old, 0);
  printf("then: seen %d\n", (int)seen);
  signal(SIGUSR1, nest);
  signal(SIGUSR2, nest);
  double product = kept * 3;
  raise(SIGUSR1);
  printf("nested %d, product %g\n", (int)nested, product);
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  sigaltstack(&stack, 0);
  struct sigaction faults = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaction(SIGSEGV, &faults, 0);
  sigaction(SIGILL, &faults, 0);
  for (int i = 0; i < 2; i++) {
    int got = sigsetjmp(back, 1);
    if (!got) *(volatile int *)16 = 1;
    printf("back from %d\n", got);
  }
  __asm__ volatile(".option push\n.option norvc\n.word 0xffffffff\n.option pop");
  printf("after the illegal instruction\n");
  signal(SIGUSR2, SIG_IGN);
  raise(SIGUSR2);
  signal(SIGCHLD, SIG_DFL);
  raise(SIGCHLD);
  atexit(leave);
  fflush(stdout);
  abort();
}
