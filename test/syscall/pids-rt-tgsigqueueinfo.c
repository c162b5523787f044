// rt_tgsigqueueinfo: processes and threads of every kind.
#include "pids.h"
int main(void) {
  siginfo_t i = {.si_code = SI_QUEUE};
  PIDS(syscall(SYS_rt_tgsigqueueinfo, pid, pid, 0, &i));
  PIDS(syscall(SYS_rt_tgsigqueueinfo, pid, getpid(), 0, &i));
}
