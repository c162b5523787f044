// RLIMIT_SIGPENDING 0: real-time signals to threads and timers are refused.
#include "say.h"
int main(void) {
  struct rlimit none = {0, 0};
  sigset_t set;
  timer_t id;
  sigfillset(&set), sigprocmask(SIG_SETMASK, &set, 0);
  setresuid(4323, 4323, 4323);
  SAY(setrlimit(RLIMIT_SIGPENDING, &none));
  SAY(syscall(SYS_tkill, getpid(), SIGRTMIN));
  SAY(syscall(SYS_tgkill, getpid(), getpid(), SIGRTMIN));
  siginfo_t info = {.si_code = SI_QUEUE};
  SAY(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGRTMIN, &info));
  SAY(syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1));
  SAY(syscall(SYS_timer_create, CLOCK_MONOTONIC, 0L, &id));
}
