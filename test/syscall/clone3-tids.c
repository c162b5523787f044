// clone3 with a chosen pid: one that exists, one that is free, and without the privilege; a namespace likewise.
#include "say.h"
int main(void) {
  pid_t tid = getpid();
  struct { uint64_t flags, pidfd, child, parent, signal, stack, size, tls, tids, count, cgroup; } args = {
    .signal = SIGCHLD, .tids = (uint64_t)&tid, .count = 1};
  SAY(syscall(SYS_clone3, &args, sizeof args));
  tid = 1;
  SAY(syscall(SYS_clone3, &args, sizeof args));
  tid = 0;
  SAY(syscall(SYS_clone3, &args, sizeof args));
  tid = 30123;
  long pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) _exit(getpid() == 30123);
  printf("%d\n", pid == 30123 || errno == EEXIST);
  if (pid > 0) reap(pid);
  args.count = 33;
  SAY(syscall(SYS_clone3, &args, sizeof args));
  args.count = 1, args.tids = 8;
  SAY(syscall(SYS_clone3, &args, sizeof args));
  args.tids = (uint64_t)&tid;
  SAY(setresuid(65534, 65534, 65534));
  SAY(syscall(SYS_clone3, &args, sizeof args));
  SAY(syscall(SYS_clone, SIGCHLD | CLONE_NEWUTS, 0L, 0L, 0L, 0L));
}
