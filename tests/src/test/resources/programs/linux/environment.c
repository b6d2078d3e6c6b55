// Arguments, environment, standard input, pipes, time that goes on, names of things.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("<%s>", argv[i]);
  printf("\nHOME-LIKE=%s\n", getenv("TESSERA_TEST"));
  char line[100];
  int lines = 0, bytes = 0;
  while (fgets(line, sizeof line, stdin)) {
    lines++;
    bytes += (int)strlen(line);
  }
  printf("%d lines, %d bytes\n", lines, bytes);
  int ends[2];
  if (pipe(ends)) return 1;
  char got[8] = "";
  printf("%zd", write(ends[1], "pipe", 4));
  printf(" %zd", read(ends[0], got, 8));
  close(ends[1]);
  printf(" %s %zd\n", got, read(ends[0], got, 8));
  int copy = dup(1);
  printf("%d %d %d\n", copy > 2, fcntl(copy, F_GETFD), fcntl(copy, F_SETFD, FD_CLOEXEC));
  printf("%d %d\n", fcntl(copy, F_GETFD), close(copy));
  printf("%d %d\n", close(copy), errno == EBADF);
  struct timespec a, b, pause = {0, 1000000};
  clock_gettime(CLOCK_MONOTONIC, &a);
  nanosleep(&pause, 0);
  clock_gettime(CLOCK_MONOTONIC, &b);
  printf("%d\n", (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec >= 1000000);
  printf("%d\n", time(0) > 1000000000);
  struct utsname name;
  uname(&name);
  printf("%s %s\n", name.sysname, name.machine);
  char random[16] = {0}, zeros[16] = {0};
  printf("%zd %d\n", getrandom(random, 16, 0), memcmp(random, zeros, 16) != 0);
  char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  page[5000] = 7;
  printf("%d %d %d\n", mprotect(page, 4096, PROT_NONE), munmap(page, 4096), page[5000]);
  printf("%d\n", munmap(page + 4096, 4096));
  printf("%d %d\n", open("/none/such", O_RDONLY), errno == ENOENT);
  int null = open("/dev/null", O_RDWR);
  printf("%d %zd %zd\n", null > 2, write(null, "x", 1), read(null, line, 10));
  struct stat status;
  printf("%d %d\n", fstat(null, &status), S_ISCHR(status.st_mode));
  printf("%d %ld\n", isatty(1), sysconf(_SC_PAGESIZE));
  return 200;
}
