// rt_sigqueueinfo: processes of every kind; only signals that say who sent them.
#include "pids.h"
int main(void) {
  siginfo_t i = {.si_code = SI_QUEUE};
  PIDS(pid <= 0 ? -2 : syscall(SYS_rt_sigqueueinfo, pid, 0, &i));
  PIDS(pid <= 0 ? -2 : (i.si_code = SI_USER, syscall(SYS_rt_sigqueueinfo, pid, 0, &i)));
}
