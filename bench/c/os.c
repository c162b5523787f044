// What the kernel costs: fork, exec and wait; a thread switch by condition variable; making and removing files; a pipe.
#define _GNU_SOURCE
#include "timing.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long turns, most;

static void *player(void *side) {
  pthread_mutex_lock(&mutex);
  while (turns < most) {
    if ((turns & 1) == (long)side) {
      turns++;
      pthread_cond_signal(&changed);
    } else pthread_cond_wait(&changed, &mutex);
  }
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  return 0;
}

/** Two threads take so many turns. */
static void play(long count) {
  pthread_t threads[2];
  turns = 0, most = count;
  for (long i = 0; i < 2; i++) pthread_create(threads + i, 0, player, (void *)i);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], 0);
}

int main(int argc, char **argv) {
  /* qemu leaves execve to the host, which would run busybox natively: it is told to run in qemu. */
  const char *emulator = getenv("EMULATOR");
  long count = scaled(argv, 100);
  long start = now();
  for (long i = 0; i < count; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      if (emulator) execlp(emulator, emulator, "/bin/busybox", "true", (char *)0);
      else execl("/bin/busybox", "true", (char *)0);
      _exit(1);
    }
    waitpid(pid, 0, 0);
  }
  report("fork+exec+wait", count, start);

  count = scaled(argv, 100000);
  play(2 * count);
  start = now();
  play(count);
  report("thread-switch", count, start);

  count = scaled(argv, 50000);
  chdir("/dev/shm");
  start = now();
  for (long i = 0; i < count; i++) {
    char name[40];
    snprintf(name, sizeof name, "bench-%d-%ld", getpid(), i % 100);
    close(open(name, O_CREAT | O_WRONLY, 0600));
    unlink(name);
  }
  report("create+unlink", count, start);

  int there[2], back[2];
  pipe(there), pipe(back);
  count = scaled(argv, 10000);
  start = now();
  if (fork() == 0) {
    char byte;
    for (long i = 0; i < count; i++) read(there[0], &byte, 1), write(back[1], &byte, 1);
    _exit(0);
  }
  char byte = 0;
  for (long i = 0; i < count; i++) write(there[1], &byte, 1), read(back[0], &byte, 1);
  report("pipe-round-trip", count, start);
  return 0;
}
