// Ids, limits, names, scheduling, capabilities: what is answered, and the error for what is refused.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

int main(void) {
  struct rlimit limit;
  struct sched_param param = {0};
  cpu_set_t set;
  struct utsname names;
  char name[16] = "";
  unsigned header[2] = {0x20080522, 0};
  SAY(getpid() == (int)syscall(SYS_gettid));
  SAY(getpgid(0) == getpgrp());
  SAY(getsid(999999));
  SAY(setpgid(0, -1));
  SAY(setpgid(999999, 0));
  SAY(wait4(-1, 0, 0, 0));
  SAY(waitid(P_ALL, 0, 0, 0));
  SAY(waitid(P_ALL, 0, 0, WEXITED));
  SAY(getrlimit(99, &limit));
  SAY(getrlimit(RLIMIT_CORE, (void *)8));
  SAY(getrlimit(RLIMIT_NOFILE, &limit));
  limit.rlim_cur = limit.rlim_max + 1;
  SAY(setrlimit(RLIMIT_NOFILE, &limit));
  limit.rlim_cur = 64;
  SAY(setrlimit(RLIMIT_NOFILE, &limit));
  SAY(dup2(0, 64));
  SAY(dup2(0, 63));
  SAY(prctl(PR_SET_NAME, "a name that is too long"));
  SAY(prctl(PR_GET_NAME, name));
  puts(name);
  SAY(prctl(PR_SET_NAME, 0));
  SAY(prctl(PR_GET_DUMPABLE));
  SAY(prctl(PR_CAPBSET_READ, 0));
  SAY(prctl(PR_CAPBSET_READ, 1000));
  SAY(prctl(12345));
  SAY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  SAY(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  SAY(sched_getscheduler(0));
  SAY(sched_getparam(0, &param));
  SAY(sched_getparam(0, 0));
  SAY(sched_setscheduler(0, SCHED_BATCH, &param));
  SAY(sched_getscheduler(0));
  SAY(sched_get_priority_max(SCHED_FIFO));
  SAY(sched_get_priority_min(SCHED_OTHER));
  SAY(sched_get_priority_min(77));
  SAY(syscall(SYS_sched_getaffinity, 0, 7, &set));
  SAY(sched_getaffinity(999999, sizeof set, &set));
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(getpriority(9, 0));
  SAY(setpriority(PRIO_PROCESS, 0, 5));
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(uname(&names));
  printf("%s %s\n", names.sysname, names.machine);
  SAY(uname((void *)8));
  SAY(syscall(SYS_capget, header, 0));
  header[0] = 1;
  SAY(syscall(SYS_capget, header, 0));
  printf("%x\n", header[0]);
  SAY(syscall(SYS_set_robust_list, 0, 7));
  SAY(syscall(SYS_arch_prctl, 0x1003, 8));
  SAY(syscall(SYS_arch_prctl, 0x7777, 0));
  SAY(syscall(SYS_arch_prctl, 0x1002, -1L));
  SAY(syscall(SYS_getgroups, -1, 0));
  SAY(syscall(SYS_getrandom, 8, 16, 0));
  SAY(syscall(SYS_getrandom, &set, 16, 99));
  SAY(syscall(SYS_getrandom, &set, 16, 0));
  SAY(syscall(SYS_membarrier, 12345, 0));
  SAY(syscall(SYS_tgkill, getpid(), getpid(), 0));
  SAY(syscall(SYS_tgkill, -1, getpid(), 0));
  SAY(syscall(SYS_tgkill, getpid(), 999999, 0));
  SAY(syscall(SYS_rt_sigaction, 9, &set, 0, 8));
  SAY(syscall(SYS_rt_sigaction, 65, 0, 0, 8));
  SAY(syscall(SYS_rt_sigprocmask, 7, &set, 0, 8));
  SAY(syscall(SYS_rt_sigprocmask, 0, 0, 0, 4));
  return 0;
}
