// PIDFD_THREAD: a pidfd of one thread is ready when that ends, and signals go to it alone.
#include "say.h"
#define PIDFD_THREAD O_EXCL
static int tid, go[2];
static sigset_t usr1;
static void *run(void *p) {
  char c;
  tid = syscall(SYS_gettid);
  write(go[1], "", 1);
  siginfo_t info;
  printf("got %d: ", sigwaitinfo(&usr1, &info) == SIGUSR1);
  printf("%d %d\n", info.si_code, info.si_pid == getpid());
  fflush(stdout);
  write(go[1], "", 1);
  while (read(((int *)p)[0], &c, 1) == 1);
  return 0;
}
static int leave[2];
static int bare(void *p) {
  char c;
  read(leave[0], &c, 1);
  return 0;
}
int main(void) {
  sigemptyset(&usr1), sigaddset(&usr1, SIGUSR1), sigprocmask(SIG_BLOCK, &usr1, 0);
  int hold[2];
  char c;
  pipe(go), pipe(hold);
  pthread_t t;
  pthread_create(&t, 0, run, hold);
  read(go[0], &c, 1);
  SAY(syscall(SYS_pidfd_open, tid, 0));
  int fd = syscall(SYS_pidfd_open, tid, PIDFD_THREAD);
  SAY(fd >= 0);
  SAY(ready(fd));
  printf("%s %s\n", fcntl(fd, F_GETFL) & O_EXCL ? "thread" : "process", fcntl(fd, F_GETFD) ? "cloexec" : "");
  SAY(syscall(SYS_pidfd_send_signal, fd, 0, 0, 0));
  siginfo_t info;
  SAY(waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG));
  fflush(stdout), syscall(SYS_pidfd_send_signal, fd, SIGUSR1, 0, 0);
  read(go[0], &c, 1);
  close(hold[1]);
  struct pollfd p = {fd, POLLIN, 0};
  SAY(poll(&p, 1, 5000));
  printf("%x\n", p.revents);
  pthread_join(t, 0);
  SAY(ready(fd));
  SAY(syscall(SYS_pidfd_send_signal, fd, SIGUSR1, 0, 0));
  SAY(syscall(SYS_pidfd_open, tid, PIDFD_THREAD));
  // How far a signal goes: flags of pidfd_send_signal, 1 thread, 2 process, 4 group.
  int me = syscall(SYS_pidfd_open, getpid(), 0), self = syscall(SYS_pidfd_open, getpid(), PIDFD_THREAD);
  SAY(me >= 0 && self >= 0);
  for (int flags = 0; flags <= 3; flags++) {
    SAY(syscall(SYS_pidfd_send_signal, me, SIGUSR1, 0, flags));
    if (sigtimedwait(&usr1, &info, &(struct timespec){0, 0}) == SIGUSR1) printf("%d\n", info.si_code);
    SAY(syscall(SYS_pidfd_send_signal, self, SIGUSR1, 0, flags));
    if (sigtimedwait(&usr1, &info, &(struct timespec){0, 0}) == SIGUSR1) printf("%d\n", info.si_code);
  }
  SAY(ready(self));
  SAY(syscall(SYS_pidfd_send_signal, me, SIGUSR1, 0, 8));
  pid_t child = fork();
  if (child == 0) { setpgid(0, 0); raise(SIGSTOP); pause(); }
  int status;
  waitpid(child, &status, WUNTRACED);
  int group = syscall(SYS_pidfd_open, child, 0);
  SAY(syscall(SYS_pidfd_send_signal, group, SIGKILL, 0, 4));
  SAY(waitid(P_PIDFD, group, &info, WEXITED));
  printf("%d %d\n", info.si_code, info.si_status);
  // CLONE_PIDFD of a thread is one of that thread.
  pipe(leave);
  char *stack = malloc(65536);
  int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  SAY(clone(bare, stack + 65536, flags | CLONE_PIDFD, 0, &fd) > 0);
  SAY(fcntl(fd, F_GETFL) & O_EXCL);
  SAY(ready(fd));
  close(leave[1]);
  p.fd = fd;
  SAY(poll(&p, 1, 5000));
  SAY(ready(fd));
}
