// Resource limits, randomness, names of the system, and calls that do not exist.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (long)(call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

int main(void) {
  struct rlimit limit;
  SAY(getrlimit(RLIMIT_STACK, &limit));
  SAY(getrlimit(99, &limit));
  SAY(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, 8));
  SAY(setrlimit(RLIMIT_NOFILE, &(struct rlimit){20, 10}));
  SAY(setrlimit(RLIMIT_NOFILE, &(struct rlimit){10, 1000}));
  SAY(getrlimit(RLIMIT_NOFILE, &limit));
  printf("%ld %ld\n", (long)limit.rlim_cur, (long)limit.rlim_max);
  int last = -1;
  for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;) last = fd;
  printf("last descriptor %d, then %s\n", last, strerrorname_np(errno));
  SAY(dup2(0, 10));
  SAY(dup2(0, 9));
  SAY(fcntl(0, F_DUPFD, 10));
  int ends[2];
  SAY(pipe(ends));

  SAY(setrlimit(RLIMIT_AS, &(struct rlimit){64 << 20, RLIM_INFINITY}));
  SAY(mmap(NULL, 100 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
  SAY(setrlimit(RLIMIT_DATA, &(struct rlimit){0, RLIM_INFINITY}));
  SAY(sbrk(1 << 20) == (void *)-1);

  unsigned char bytes[300] = {0}, zeros[300] = {0};
  SAY(getrandom(bytes, sizeof bytes, 0));
  printf("random %d\n", memcmp(bytes, zeros, 300) != 0);
  SAY(getrandom(bytes, 10, 0x100));
  SAY(syscall(SYS_getrandom, 8, 10, 0));
  struct utsname name;
  SAY(uname(&name));
  printf("%s %s %d\n", name.sysname, name.machine, atoi(name.release) >= 4);
  struct sysinfo info;
  SAY(sysinfo(&info));
  printf("%d %d\n", info.totalram > 0, info.mem_unit > 0);
  cpu_set_t set;
  SAY(sched_getaffinity(0, sizeof set, &set) >= 0);
  printf("%d\n", CPU_COUNT(&set) >= 1);
  SAY(sched_yield());
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(sysconf(_SC_PAGESIZE));
  SAY(syscall(9999));
  SAY(syscall(-1));
  return 0;
}
