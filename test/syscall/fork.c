// stderr: differs
// fork, wait4 and waitid: what a child shares and copies, how its end, stop and continuation are reported.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static volatile int caught, caught_code, caught_status, caught_pid;
static void on_child(int signal, siginfo_t *info, void *context) {
  caught++;
  caught_code = info->si_code;
  caught_status = info->si_status;
  caught_pid = info->si_pid;
}

static void show(const char *what, int status) {
  if (WIFEXITED(status)) printf("%s: exited %d\n", what, WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) printf("%s: signal %d\n", what, WTERMSIG(status));
  else if (WIFSTOPPED(status)) printf("%s: stopped %d\n", what, WSTOPSIG(status));
  else if (WIFCONTINUED(status)) printf("%s: continued\n", what);
}

static int end_of(void (*child)(void)) {
  int status = -1;
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    child();
    _exit(0);
  }
  if (waitpid(pid, &status, 0) != pid) printf("waitpid failed\n");
  return status;
}

static int global = 1;
static int *shared;
static void change_memory(void) {
  global = 2;
  shared[0] = 42;
  shared[2000] = 43;
  _exit(global + shared[1]);
}
static void kill_self(void) { kill(getpid(), SIGTERM); }
static void fault(void) { *(volatile int *)0 = 1; }
static void abort_self(void) { abort(); }
static void exit_long(void) { _exit(0x1234); }
static void change_cwd(void) { _exit(chdir("/") || umask(0) != 022 || !caught); }
static void nothing_pending(void) {
  sigset_t set;
  sigpending(&set);
  _exit(sigismember(&set, SIGUSR1) * 2 + (alarm(0) != 0));
}

int main(void) {
  int status = 0, ends[2];
  char buffer[100] = "";
  struct sigaction act = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART}, old;
  siginfo_t info;
  struct rusage usage;
  sigset_t set, before;
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  umask(022);
  shared = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  shared[1] = 7;

  show("memory", end_of(change_memory));
  printf("global %d shared %d %d\n", global, shared[0], shared[2000]);
  show("kill", end_of(kill_self));
  show("fault", end_of(fault));
  show("abort", end_of(abort_self));
  show("exit status is a byte", end_of(exit_long));
  caught = 1;
  show("directory and mask", end_of(change_cwd));
  SAY(umask(022));

  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &before);
  raise(SIGUSR1);
  alarm(100);
  show("pending signals and alarm", end_of(nothing_pending));
  SAY(alarm(0) > 90);
  signal(SIGUSR1, SIG_IGN);
  sigprocmask(SIG_SETMASK, &before, 0);

  // errors
  SAY(waitpid(-1, 0, 0));
  SAY(waitpid(getpid(), 0, 0));
  SAY(waitpid(-1, 0, 0x1000));
  SAY(waitid(P_ALL, 0, &info, 0));
  SAY(waitid(P_ALL, 0, &info, WEXITED));
  SAY(waitid(77, 0, &info, WEXITED));
  SAY(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0));
  SAY(syscall(SYS_clone, CLONE_VM | CLONE_THREAD | SIGCHLD, 0, 0, 0, 0));
  SAY(syscall(SYS_clone3, 0, 10));

  // a zombie, seen and left, then taken
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) _exit(9);
  memset(&info, 0x55, sizeof info);
  SAY(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
  printf("signo %d code %d status %d pid %d uid %d\n", info.si_signo, info.si_code, info.si_status, info.si_pid == pid, info.si_uid == getuid());
  SAY(kill(pid, 0));
  SAY(getpgid(pid) == getpgrp());
  SAY(waitid(P_PGID, getpgrp(), &info, WEXITED));
  SAY(kill(pid, 0));
  SAY(waitid(P_PID, pid, &info, WEXITED));

  // WNOHANG, then SIGCHLD
  sigaction(SIGCHLD, &act, &old);
  caught = 0;
  pipe(ends);
  fflush(stdout);
  pid = fork();
  if (pid == 0) {
    close(ends[1]);
    read(ends[0], buffer, 1);
    _exit(5);
  }
  close(ends[0]);
  SAY(waitpid(pid, &status, WNOHANG));
  memset(&info, 0x55, sizeof info);
  SAY(waitid(P_PID, pid, &info, WEXITED | WNOHANG));
  printf("pid %d signo %d\n", info.si_pid, info.si_signo);
  close(ends[1]);
  SAY(wait4(pid, &status, 0, &usage) == pid);
  show("wait4", status);
  printf("caught %d code %d status %d pid %d\n", caught, caught_code == CLD_EXITED, caught_status, caught_pid == pid);

  // stop and continue
  caught = 0;
  pipe(ends);
  fflush(stdout);
  pid = fork();
  if (pid == 0) {
    // a group of its own, which is not orphaned whoever runs this
    setpgid(0, 0);
    raise(SIGSTOP);
    write(ends[1], "x", 1);
    pause();
  }
  SAY(waitpid(pid, &status, WUNTRACED) == pid);
  show("stop", status);
  printf("caught %d code %d status %d\n", caught, caught_code == CLD_STOPPED, caught_status);
  SAY(waitpid(pid, &status, WUNTRACED | WNOHANG));
  kill(pid, SIGCONT);
  SAY(waitid(P_PID, pid, &info, WCONTINUED));
  printf("code %d status %d\n", info.si_code == CLD_CONTINUED, info.si_status);
  SAY(read(ends[0], buffer, 1));
  kill(pid, SIGTSTP);
  SAY(waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT));
  SAY(waitid(P_PID, pid, &info, WSTOPPED));
  printf("code %d status %d\n", info.si_code == CLD_STOPPED, info.si_status);
  kill(pid, SIGKILL);
  SAY(waitid(P_PID, pid, &info, WEXITED));
  printf("code %d status %d\n", info.si_code == CLD_KILLED, info.si_status);

  // children that nobody waits for
  signal(SIGCHLD, SIG_IGN);
  fflush(stdout);
  pid = fork();
  if (pid == 0) _exit(1);
  SAY(waitpid(pid, &status, 0));
  act.sa_flags = SA_SIGINFO | SA_NOCLDWAIT | SA_RESTART;
  sigaction(SIGCHLD, &act, 0);
  caught = 0;
  pid = fork();
  if (pid == 0) _exit(1);
  SAY(waitpid(pid, &status, 0));
  printf("caught %d\n", caught);
  fflush(stdout);
  return 0;
}
