// What needs threads or another process is refused in an orderly way.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static __thread int own = 5;
static int times;
static void first(void) { times++; }

int main(void) {
  pthread_once(&once, first);
  pthread_once(&once, first);
  pthread_mutex_lock(&lock);
  printf("%d %d %d\n", times, pthread_mutex_trylock(&lock) == EBUSY, own);
  pthread_mutex_unlock(&lock);
  pthread_key_t key;
  pthread_key_create(&key, 0);
  pthread_setspecific(key, "specific");
  printf("%s %d\n", (char *)pthread_getspecific(key), pthread_equal(pthread_self(), pthread_self()) != 0);
  return 0;
}
