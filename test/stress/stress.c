// Stress of one kind: stress KIND SCALE prints what must come out whatever the machine. 100 is the full scale.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <dirent.h>
#include <unistd.h>

static long scale;

// 64 threads: a counter under a mutex, and tokens through a bounded queue.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long counter, queued, taken;
static void *worker(void *side) {
  for (long i = 0; i < 200 * scale; i++) {
    pthread_mutex_lock(&mutex);
    counter++;
    if ((long)side % 2 == 0) {
      while (queued >= 16) pthread_cond_wait(&changed, &mutex);
      queued++;
    } else {
      while (queued == 0) pthread_cond_wait(&changed, &mutex);
      queued--, taken++;
    }
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }
  return 0;
}
static void threads(void) {
  pthread_t all[64];
  struct timespec start, now;
  long rounds = 0;
  clock_gettime(CLOCK_MONOTONIC, &start);
  do { // for 30 seconds at full scale
    for (long i = 0; i < 64; i++) pthread_create(all + i, 0, worker, (void *)i);
    for (int i = 0; i < 64; i++) pthread_join(all[i], 0);
    rounds++;
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while ((now.tv_sec - start.tv_sec) * 10 < 3 * scale);
  printf("%d %d\n", counter == rounds * 64 * 200 * scale, taken == rounds * 32 * 200 * scale);
}

static void spawn(void) {
  long good = 0;
  for (long i = 0; i < 20 * scale; i++) {
    pid_t pid = fork();
    int status;
    if (pid == 0) {
      if (i % 2) execl("/bin/sh", "sh", "-c", "exit 3", (char *)0);
      _exit(3);
    }
    waitpid(pid, &status, 0);
    good += WIFEXITED(status) && WEXITSTATUS(status) == 3;
  }
  printf("%d\n", good == 20 * scale);
}

// So many megabytes through three processes.
static void pipes(void) {
  int a[2], b[2];
  static char block[65536];
  long total = 10 * scale * 16;
  pipe(a), pipe(b);
  if (fork() == 0) {
    close(a[0]), close(b[0]), close(b[1]);
    for (long i = 0; i < total; i++) {
      memset(block, i, sizeof block);
      write(a[1], block, sizeof block);
    }
    _exit(0);
  }
  close(a[1]);
  if (fork() == 0) {
    long n;
    close(b[0]);
    while ((n = read(a[0], block, sizeof block)) > 0) write(b[1], block, n);
    _exit(0);
  }
  close(a[0]), close(b[1]);
  unsigned long sum = 0, bytes = 0, want = 0;
  long n;
  while ((n = read(b[0], block, sizeof block)) > 0) {
    bytes += n;
    for (long i = 0; i < n; i += 64) sum += (unsigned char)block[i];
  }
  for (long i = 0; i < total; i++) want += (i & 255) * 1024;
  printf("%d %d\n", bytes == (unsigned long)total * 65536, sum / 100 == want / 100);
  while (wait(0) > 0) ;
}

static void open_files(void) {
  struct rlimit r;
  getrlimit(RLIMIT_NOFILE, &r);
  r.rlim_cur = 20000;
  if (r.rlim_max < 20000) r.rlim_max = 20000; // for root
  setrlimit(RLIMIT_NOFILE, &r);
  long good = 0, count = 100 * scale;
  static int files[20000];
  for (long i = 0; i < count; i++) {
    char name[30];
    sprintf(name, "f%ld", i);
    int f = open(name, O_CREAT | O_RDWR, 0600);
    files[i] = f;
    good += f >= 0 && write(f, name, strlen(name)) == (long)strlen(name);
    unlink(name);
  }
  for (long i = 0; i < count; i++) {
    char name[30], want[30];
    sprintf(want, "f%ld", i);
    good += pread(files[i], name, 30, 0) == (long)strlen(want) && !strncmp(name, want, strlen(want));
  }
  printf("%d\n", good == 2 * count);
}

static void small_files(void) {
  long count = 1000 * scale, listed = 0, removed = 0;
  mkdir("d", 0755), chdir("d");
  for (long i = 0; i < count; i++) {
    char name[30];
    sprintf(name, "f%ld", i);
    int f = open(name, O_CREAT | O_WRONLY, 0600);
    write(f, name, 5), close(f);
  }
  DIR *d = opendir(".");
  struct dirent *e;
  while ((e = readdir(d))) listed += e->d_name[0] == 'f';
  for (long i = 0; i < count; i++) {
    char name[30];
    sprintf(name, "f%ld", i);
    removed += unlink(name) == 0;
  }
  chdir("..");
  printf("%d %d %d\n", listed == count, removed == count, rmdir("d"));
}

// Real-time signals into a computing thread, every one counted, registers and floating point unharmed.
static volatile long signals, wrong;
static void on(int s, siginfo_t *i, void *c) {
  static int next;
  if (i->si_value.sival_int != next++) wrong++;
  signals++;
  volatile double x = 1.0 / 3 * next;
  (void)x, (void)s, (void)c;
}
static void real_time(void) {
  struct sigaction a = {.sa_sigaction = on, .sa_flags = SA_SIGINFO};
  sigaction(SIGRTMIN, &a, 0);
  long count = 500 * scale;
  pid_t me = getpid(), pid = fork();
  if (pid == 0) {
    for (long i = 0; i < count; i++) {
      union sigval v = {.sival_int = i};
      while (sigqueue(me, SIGRTMIN, v) < 0 && errno == EAGAIN) sched_yield();
    }
    _exit(0);
  }
  double sum = 0;
  long bad = 0;
  while (signals < count) {
    double s = 0;
    for (int i = 1; i <= 1000; i++) s += 1.0 / i;
    if (sum != 0 && s != sum) bad++;
    sum = s;
  }
  waitpid(pid, 0, 0);
  printf("%d %ld %ld\n", signals == count, wrong, bad);
}

// A counter in shared memory that two processes raise in turn.
struct shared { pthread_mutex_t m; pthread_cond_t c; sem_t turn[2]; long n; };
static struct shared *map_shared(int fd) {
  if (fd >= 0) ftruncate(fd, sizeof(struct shared));
  struct shared *s = mmap(0, sizeof *s, PROT_READ | PROT_WRITE, fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
  pthread_mutexattr_t a;
  pthread_condattr_t b;
  pthread_mutexattr_init(&a), pthread_mutexattr_setpshared(&a, 1), pthread_mutex_init(&s->m, &a);
  pthread_condattr_init(&b), pthread_condattr_setpshared(&b, 1), pthread_cond_init(&s->c, &b);
  sem_init(s->turn, 1, 1), sem_init(s->turn + 1, 1, 0);
  return s;
}
static void by_condition(struct shared *s, long side, long count) {
  pthread_mutex_lock(&s->m);
  while (s->n < count) {
    if ((s->n & 1) == side) s->n++, pthread_cond_signal(&s->c);
    else pthread_cond_wait(&s->c, &s->m);
  }
  pthread_cond_signal(&s->c);
  pthread_mutex_unlock(&s->m);
}
static void by_semaphore(struct shared *s, long side, long count) {
  for (long i = side; i < count; i += 2) sem_wait(s->turn + side), s->n++, sem_post(s->turn + !side);
}
static void pass(struct shared *s, void (*by)(struct shared *, long, long)) {
  long count = 10000 * scale;
  pid_t pid = fork();
  by(s, pid == 0, count);
  if (pid == 0) _exit(0);
  waitpid(pid, 0, 0);
  printf("%d\n", s->n == count);
}
static void shared(void) { pass(map_shared(-1), by_condition); }
static void shared_file(void) { pass(map_shared(open("counter", O_CREAT | O_RDWR, 0600)), by_condition); }
static void shared_shm(void) {
  char name[40];
  snprintf(name, sizeof name, "/elfin-stress-%d", getpid());
  int fd = shm_open(name, O_CREAT | O_RDWR, 0600);
  shm_unlink(name);
  pass(map_shared(fd), by_condition);
}
static void semaphore(void) { pass(map_shared(-1), by_semaphore); }

int main(int argc, char **argv) {
  static const struct { const char *name; void (*run)(void); } kinds[] = {
    {"threads", threads}, {"spawn", spawn}, {"pipes", pipes}, {"open-files", open_files},
    {"small-files", small_files}, {"real-time", real_time}, {"shared", shared},
    {"shared-file", shared_file}, {"shared-shm", shared_shm}, {"semaphore", semaphore},
  };
  scale = argc > 2 ? atol(argv[2]) : 1;
  for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (argc > 1 && !strcmp(argv[1], kinds[i].name)) return kinds[i].run(), 0;
  return 2;
}
