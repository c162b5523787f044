// Time, timers, futexes, pipes, eventfds and epoll in one task.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static double since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec - start->tv_sec + (now.tv_nsec - start->tv_nsec) / 1e9;
}

int main(void) {
  struct timespec start, zero = {0, 0}, bad = {0, 1000000000}, little = {0, 30000000}, at;
  struct itimerspec spec = {{0, 0}, {0, 20000000}}, left;
  struct timeval tv;
  unsigned word = 5;
  unsigned long counter = 7;
  SAY(clock_gettime(99, &at));
  SAY(syscall(SYS_clock_gettime, CLOCK_REALTIME, 8));
  SAY(clock_getres(CLOCK_MONOTONIC, &at));
  SAY(at.tv_nsec);
  SAY(clock_getres(99, 0));
  SAY(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at));
  SAY(gettimeofday(&tv, 0));
  SAY(time(0) - tv.tv_sec <= 1);
  SAY(nanosleep(&bad, 0));
  SAY(nanosleep((void *)8, 0));
  SAY(clock_nanosleep(99, 0, &zero, 0));
  clock_gettime(CLOCK_MONOTONIC, &start);
  SAY(nanosleep(&little, 0));
  SAY(since(&start) >= 0.03 && since(&start) < 1);
  at = start;
  at.tv_nsec += 80000000;
  if (at.tv_nsec >= 1000000000) at.tv_sec++, at.tv_nsec -= 1000000000;
  SAY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, 0));
  SAY(since(&start) >= 0.08 && since(&start) < 1);
  SAY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &start, 0));
  SAY(alarm(100));
  SAY(alarm(0));

  timer_t timer;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  sigprocmask(SIG_BLOCK, &set, 0);
  SAY(timer_create(CLOCK_MONOTONIC, 0, &timer));
  SAY(timer_settime(timer, 0, &spec, 0));
  SAY(timer_gettime(timer, &left));
  SAY(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 20000000);
  siginfo_t info;
  SAY(sigwaitinfo(&set, &info));
  SAY(info.si_code);
  SAY(timer_getoverrun(timer));
  SAY(timer_delete(timer));
  SAY(timer_create(99, 0, &timer));

  SAY(syscall(SYS_futex, &word, FUTEX_WAIT, 4, 0));
  SAY(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 5, &little));
  SAY(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 5, &bad));
  SAY(syscall(SYS_futex, &word, FUTEX_WAKE, 1));
  SAY(syscall(SYS_futex, (char *)&word + 1, FUTEX_WAKE, 1));
  SAY(syscall(SYS_futex, 8, FUTEX_WAIT, 1, 0));
  SAY(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 5, &zero, 0, 0));
  SAY(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 5, &zero, 0, -1));
  SAY(syscall(SYS_futex, &word, 99, 1));

  int ends[2];
  char bytes[5000] = "";
  SAY(pipe2(ends, 0x12345));
  SAY(pipe2((void *)8, 0));
  SAY(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
  SAY(read(ends[0], bytes, 1));
  SAY(read(ends[0], bytes, 0));
  SAY(read(ends[1], bytes, 1));
  SAY(write(ends[0], bytes, 1));
  SAY(write(ends[1], "hello", 5));
  SAY(read(ends[0], bytes, sizeof bytes));
  SAY(lseek(ends[0], 0, SEEK_SET));
  SAY(pread(ends[0], bytes, 1, 0));
  int whole = 0;
  while (write(ends[1], bytes, 4096) == 4096) whole++;
  SAY(whole);
  SAY(write(ends[1], bytes, 1));
  SAY(read(ends[0], bytes, 4096));
  SAY(write(ends[1], bytes, 5000));

  int event = eventfd(0, EFD_NONBLOCK), epoll = epoll_create1(0), file = open("/dev/null", O_RDONLY);
  struct epoll_event it = {.events = EPOLLIN, .data.u64 = 77}, got[4];
  SAY(epoll_create(0));
  SAY(epoll_create1(1));
  SAY(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &it));
  SAY(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &it));
  SAY(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll, &it));
  SAY(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], &it));
  SAY(epoll_ctl(epoll, 9, event, &it));
  SAY(epoll_ctl(0, EPOLL_CTL_ADD, event, &it));
  SAY(epoll_wait(epoll, got, 4, 10));
  SAY(epoll_wait(epoll, got, 0, 10));
  SAY(write(event, &counter, 8));
  SAY(write(event, &counter, 4));
  SAY(epoll_wait(epoll, got, 4, -1));
  SAY(got[0].events);
  SAY((long)got[0].data.u64);
  it.events = EPOLLIN | EPOLLET;
  SAY(epoll_ctl(epoll, EPOLL_CTL_MOD, event, &it));
  SAY(epoll_wait(epoll, got, 4, 0));
  SAY(epoll_wait(epoll, got, 4, 0));
  SAY(read(event, &counter, 8));
  SAY((long)counter);
  SAY(read(event, &counter, 8));
  SAY(close(event));
  SAY(epoll_wait(epoll, got, 4, 0));
  SAY(close(file));

  struct sockaddr_un name = {AF_UNIX, "/nowhere/socket"};
  int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  SAY(s >= 0);
  SAY(connect(s, (void *)&name, sizeof name));
  strcpy(name.sun_path, "/dev/null");
  SAY(connect(s, (void *)&name, sizeof name));
  SAY(connect(s, (void *)&name, 1));
  SAY(socket(AF_UNIX, 77, 0));
  SAY(socket(77, SOCK_STREAM, 0));
  SAY(connect(ends[0], (void *)&name, sizeof name));
  return 0;
}
