// EFAULT and EINVAL that the manual documents for calls which libraries answer themselves or guard: made directly.
#include "say.h"
#include <linux/capability.h>
#include <sys/timerfd.h>
#define BAD ((void *)8)
#define RAW(name, ...) SAY(syscall(SYS_##name, ##__VA_ARGS__))
int main(void) {
  struct timespec wrong = {0, 1000000000}, none = {0, 0};
  RAW(nanosleep, &wrong, 0);
  RAW(nanosleep, BAD, 0);
  RAW(rt_sigaction, SIGUSR1, BAD, 0, 8);
  RAW(rt_sigaction, SIGUSR1, 0, BAD, 8);
  RAW(rt_sigprocmask, SIG_BLOCK, BAD, 0, 8);
  RAW(rt_sigpending, BAD, 8);
  RAW(rt_sigsuspend, BAD, 8);
  RAW(sigaltstack, BAD, 0);
  RAW(get_robust_list, 0, BAD, BAD);
  RAW(getrusage, RUSAGE_SELF, BAD);
  RAW(times, BAD);
  RAW(sysinfo, BAD);
  RAW(time, BAD);
  RAW(gettimeofday, BAD, 0);
  RAW(clock_getres, CLOCK_MONOTONIC, BAD);
  RAW(getitimer, ITIMER_REAL, BAD);
  RAW(setitimer, ITIMER_REAL, BAD, 0);
  RAW(sched_getaffinity, 0, 128, BAD);
  RAW(sched_setaffinity, 0, 128, BAD);
  RAW(sched_rr_get_interval, 0, BAD);
  RAW(getcpu, BAD, 0, 0);
  RAW(capget, BAD, 0);
  struct __user_cap_header_struct old = {0x1234, 0};
  struct __user_cap_data_struct caps[2];
  RAW(capset, BAD, caps);
  RAW(capset, &old, caps);
  RAW(memfd_create, BAD, 0);
  RAW(getcwd, BAD, 4096);
  RAW(fstat, 1, BAD);
  RAW(fstatfs, 1, BAD);
  int pair[2], epoll = epoll_create1(0);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  struct epoll_event e = {EPOLLOUT};
  epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &e);
  RAW(epoll_wait, epoll, BAD, 1, 0);
  RAW(epoll_pwait, epoll, BAD, 1, 0, 0, 8);
  RAW(epoll_pwait2, epoll, BAD, 1, &none, 0, 8);
  RAW(ppoll, BAD, 1, &none, 0, 8);
  RAW(connect, pair[0], BAD, 16);
  RAW(sendmsg, pair[0], BAD, 0);
  RAW(recvmsg, pair[0], BAD, 0);
  write(pair[1], "x", 1);
  RAW(recvfrom, pair[0], BAD, 1, 0, 0, 0);
  int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  RAW(timerfd_gettime, timer, BAD);
  RAW(timerfd_settime, timer, 0, BAD, 0);
  RAW(eventfd2, 0, 0x1234);
  RAW(msgsnd, 0x7fffffff, BAD, 1, 0);
}
