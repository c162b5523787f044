// A background group is stopped when it reads, and when it writes with TOSTOP; who ignores SIGTTIN gets EIO.
#include "pty.h"
int main(void) {
  pair();
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    pid_t child = fork();
    if (child == 0) {
      setpgid(0, 0);
      char b[10];
      long n = read(slave, b, 10);
      _exit(n);
    }
    int status;
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status) == SIGTTIN), fflush(stdout);
    signal(SIGTTOU, SIG_IGN);
    SAY(tcsetpgrp(slave, child));
    kill(child, SIGCONT);
    write(master, "abc\n", 4);
    waitpid(child, &status, 0);
    printf("read %d\n", WEXITSTATUS(status)), fflush(stdout);
    SAY(tcsetpgrp(slave, getpid()));
    local(0, TOSTOP);
    child = fork();
    if (child == 0) {
      signal(SIGTTOU, SIG_DFL);
      setpgid(0, 0);
      write(slave, "x", 1);
      _exit(1);
    }
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status) == SIGTTOU), fflush(stdout);
    kill(child, SIGKILL), waitpid(child, &status, 0);
    child = fork();
    if (child == 0) {
      signal(SIGTTIN, SIG_IGN);
      setpgid(0, 0);
      char b;
      long n = read(slave, &b, 1);
      _exit(n < 0 ? errno : 0);
    }
    waitpid(child, &status, 0);
    printf("refused %d\n", WEXITSTATUS(status) == EIO), fflush(stdout);
    _exit(0);
  }
  reap(pid);
}
