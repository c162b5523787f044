// build: pie
// Threads: stacks, TLS, mutexes, conditions, cancellation, signals to one, fork and exit with several.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static long counter, ready;
static __thread int own = 1;
static volatile int go_on;
static pthread_t signalled;
static sem_t sem;

static void *count(void *argument) {
  for (int i = 0; i < 10000; i++) {
    pthread_mutex_lock(&mutex);
    counter++;
    pthread_mutex_unlock(&mutex);
    own++;
  }
  pthread_mutex_lock(&mutex);
  ready++;
  pthread_cond_signal(&condition);
  pthread_mutex_unlock(&mutex);
  pthread_barrier_wait(&barrier);
  return (void *)(long)own;
}
static void *spin(void *argument) {
  while (!go_on) {}
  return 0;
}
static void *sleep_long(void *argument) {
  sem_post(&sem);
  sleep(100);
  return 0;
}
static volatile int is_right;
static void on_signal(int signal) { is_right = pthread_equal(pthread_self(), signalled) != 0; }
static void *wait_signal(void *argument) {
  sem_post(&sem);
  pause();
  return (void *)5;
}
static void *fork_here(void *argument) {
  int status;
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) _exit(getpid() == (int)syscall(SYS_gettid) ? 4 : 1);
  waitpid(pid, &status, 0);
  return (void *)(long)WEXITSTATUS(status);
}
static void *name_self(void *argument) {
  char name[16];
  pthread_setname_np(pthread_self(), "a thread");
  pthread_getname_np(pthread_self(), name, sizeof name);
  printf("named %s\n", name);
  return 0;
}
static void *exec_here(void *argument) {
  execl("/bin/sh", "sh", "-c", "echo program of a thread", (char *)0);
  return 0;
}

int main(void) {
  pthread_t threads[4], one;
  void *result;
  int status;
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  pthread_barrier_init(&barrier, 0, 5);
  sem_init(&sem, 0, 0);
  for (int i = 0; i < 4; i++) SAY(pthread_create(&threads[i], 0, count, 0));
  pthread_mutex_lock(&mutex);
  while (ready < 4) pthread_cond_wait(&condition, &mutex);
  pthread_mutex_unlock(&mutex);
  pthread_barrier_wait(&barrier);
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], &result);
    printf("joined %ld\n", (long)result);
  }
  printf("counter %ld own %d\n", counter, own);

  // a thread that only computes is preempted
  pthread_create(&one, 0, spin, 0);
  usleep(1000);
  go_on = 1;
  SAY(pthread_join(one, 0));

  pthread_create(&one, 0, sleep_long, 0);
  sem_wait(&sem);
  SAY(pthread_cancel(one));
  pthread_join(one, &result);
  SAY(result == PTHREAD_CANCELED);

  struct sigaction act = {.sa_handler = on_signal};
  sigaction(SIGUSR1, &act, 0);
  pthread_create(&signalled, 0, wait_signal, 0);
  sem_wait(&sem);
  usleep(1000);
  SAY(pthread_kill(signalled, SIGUSR1));
  pthread_join(signalled, &result);
  printf("result %ld, handled in the right thread %d\n", (long)result, is_right);

  char name[16];
  pthread_setname_np(pthread_self(), "first");
  pthread_create(&one, 0, name_self, 0);
  pthread_join(one, 0);
  pthread_getname_np(pthread_self(), name, sizeof name);
  printf("named %s\n", name);

  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  at.tv_nsec += 2000000;
  if (at.tv_nsec >= 1000000000) at.tv_sec++, at.tv_nsec -= 1000000000;
  pthread_mutex_lock(&mutex);
  SAY(pthread_cond_timedwait(&condition, &mutex, &at) == ETIMEDOUT);
  pthread_mutex_unlock(&mutex);

  pthread_create(&one, 0, fork_here, 0);
  pthread_join(one, &result);
  printf("fork in a thread: %ld\n", (long)result);

  // exit ends all threads; so does execve, whose program has the number of the process
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    go_on = 0;
    pthread_create(&one, 0, spin, 0);
    exit(3);
  }
  waitpid(pid, &status, 0);
  printf("exit with threads: %d\n", WEXITSTATUS(status));
  fflush(stdout);
  pid = fork();
  if (pid == 0) {
    go_on = 0;
    pthread_create(&one, 0, exec_here, 0);
    spin(0);
  }
  SAY(waitpid(pid, &status, 0) == pid);
  printf("execve in a thread: %d\n", WEXITSTATUS(status));
  fflush(stdout);
  return 0;
}
