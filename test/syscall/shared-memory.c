// Memory that processes share: anonymous, of a file, semaphores and futexes in it, pages that stay private.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

struct shared {
  sem_t ping, pong;
  pthread_mutex_t mutex, robust;
  int counter, turns;
};

int main(void) {
  char name[] = "/tmp/elfin-shared-XXXXXX", byte = 0;
  int fd = mkstemp(name), status;
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  struct shared *s = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&s->mutex, &attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&s->robust, &attributes);
  sem_init(&s->ping, 1, 0);
  sem_init(&s->pong, 1, 0);

  // ping-pong through semaphores
  pid_t pid = fork();
  if (pid == 0) {
    for (int i = 0; i < 200; i++) {
      sem_wait(&s->ping);
      s->turns++;
      sem_post(&s->pong);
    }
    _exit(0);
  }
  for (int i = 0; i < 200; i++) {
    sem_post(&s->ping);
    sem_wait(&s->pong);
  }
  waitpid(pid, &status, 0);
  printf("turns %d\n", s->turns);

  // a mutex
  for (int i = 0; i < 3; i++)
    if (fork() == 0) {
      for (int j = 0; j < 1000; j++) {
        pthread_mutex_lock(&s->mutex);
        int before = s->counter;
        if (j % 100 == 0) usleep(100);
        s->counter = before + 1;
        pthread_mutex_unlock(&s->mutex);
      }
      _exit(0);
    }
  while (wait(0) > 0) {}
  printf("counter %d\n", s->counter);

  // the holder of a robust mutex ends
  if (fork() == 0) {
    pthread_mutex_lock(&s->robust);
    _exit(0);
  }
  wait(0);
  SAY(pthread_mutex_lock(&s->robust) == EOWNERDEAD);

  // a file, mapped by both; the child's stores reach the file
  ftruncate(fd, 8192);
  char *map = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *own = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  strcpy(map, "parent");
  own[5000] = 'p';
  pid = fork();
  if (pid == 0) {
    if (strcmp(map, "parent")) _exit(1);
    strcpy(map + 4096, "child");
    own[5000] = 'c';
    own[0] = 'x';
    _exit(0);
  }
  waitpid(pid, &status, 0);
  printf("status %d, mapped %s %s, private %c %c\n", WEXITSTATUS(status), map, map + 4096, own[5000], own[0]);
  SAY(pread(fd, &byte, 1, 4096));
  printf("file %c\n", byte);

  // descriptors share their offset, and MADV_DONTFORK, MADV_WIPEONFORK
  lseek(fd, 0, SEEK_SET);
  char *gone = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *wiped = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *gone = *wiped = 1;
  SAY(madvise(gone, 4096, MADV_DONTFORK));
  SAY(madvise(wiped, 4096, MADV_WIPEONFORK));
  pid = fork();
  if (pid == 0) {
    char three[3];
    read(fd, three, 3);
    _exit(*wiped == 0 && msync(gone, 4096, MS_ASYNC) == -1 && errno == ENOMEM ? 0 : 1);
  }
  waitpid(pid, &status, 0);
  printf("status %d, offset %ld\n", WEXITSTATUS(status), (long)lseek(fd, 0, SEEK_CUR));
  unlink(name);
  fflush(stdout);
  return 0;
}
