// Process groups, sessions, signals to groups, orphans, the parent's death signal.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static pid_t sleeper(pid_t group, int *ready) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, group);
    write(ready[1], "x", 1);
    pause();
    _exit(0);
  }
  char byte;
  read(ready[0], &byte, 1);
  return pid;
}

static int signal_of(pid_t pid) {
  int status = 0;
  return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

int main(void) {
  int ready[2], up[2], status;
  long numbers[4];
  char byte;
  pipe(ready);
  pipe(up);
  pid_t a = sleeper(0, ready), b = sleeper(a, ready), c = sleeper(0, ready);
  SAY(getpgid(a) == a);
  SAY(getpgid(b) == a);
  SAY(getsid(b) == getsid(0));
  SAY(setpgid(c, a));
  SAY(getpgid(c) == a);
  SAY(setpgid(c, 99999));
  SAY(setpgid(c, 0));
  SAY(kill(-a, 0));
  SAY(kill(-a, SIGUSR1));
  SAY(signal_of(a));
  SAY(signal_of(b));
  SAY(waitpid(c, &status, WNOHANG));
  SAY(waitpid(-a, &status, WNOHANG));
  SAY(kill(-a, 0));
  SAY(waitpid(-c, &status, WNOHANG));
  SAY(kill(c, SIGUSR2));
  SAY(signal_of(c));

  // setsid: a leader may not, its child may
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    SAY(setsid());
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
      SAY(setsid() == getpid());
      SAY(getsid(0) == getpid() && getpgrp() == getpid());
      SAY(setpgid(0, 0));
      fflush(stdout);
      _exit(0);
    }
    wait(0);
    SAY(setpgid(pid, pid));
    fflush(stdout);
    _exit(0);
  }
  wait(0);

  // an orphan gets another parent and goes on
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  fflush(stdout);
  pid = fork();
  if (pid == 0) {
    if (fork() == 0) {
      numbers[0] = getppid();
      write(up[1], numbers, sizeof(long));
      pid_t parent = numbers[0];
      while (getppid() == parent) usleep(1000);
      numbers[1] = getppid();
      write(up[1], numbers + 1, sizeof(long));
      _exit(6);
    }
    read(ready[0], &byte, 1);
    _exit(0);
  }
  read(up[0], numbers, sizeof(long));
  write(ready[1], "x", 1);
  read(up[0], numbers + 1, sizeof(long));
  SAY(numbers[0] == pid);
  SAY(numbers[1] == getpid());
  SAY(waitpid(pid, &status, 0) == pid);
  SAY(wait(&status) > 0);
  printf("orphan %d\n", WEXITSTATUS(status));
  prctl(PR_SET_CHILD_SUBREAPER, 0);

  // PR_SET_PDEATHSIG
  pipe(up);
  fflush(stdout);
  pid = fork();
  if (pid == 0) {
    if (fork() == 0) {
      close(up[0]);
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      write(ready[1], "x", 1);
      pause();
      write(up[1], "y", 1);
      _exit(0);
    }
    read(ready[0], &byte, 1);
    _exit(0);
  }
  close(up[1]);
  SAY(waitpid(pid, 0, 0) == pid);
  SAY(read(up[0], &byte, 1));
  return 0;
}
