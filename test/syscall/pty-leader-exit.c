// The session's leader ends: the foreground group is hung up, others have no terminal any more.
#include "pty.h"
static void on(int s) { printf("member got %d\n", s), fflush(stdout); }
int main(void) {
  pair();
  int sync[2];
  pipe(sync);
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    if (fork() == 0) {
      close(master);
      signal(SIGHUP, on), signal(SIGCONT, SIG_DFL);
      write(sync[1], "r", 1);
      sleep_ms(80);
      sleep_ms(30);
      SAY(open("/dev/tty", O_RDWR));
      SAY(write(slave, "x", 1));
      SAY(tcgetpgrp(slave));
      write(sync[1], "d", 1);
      _exit(0);
    }
    char b;
    read(sync[0], &b, 1);
    _exit(5);
  }
  waitpid(pid, 0, 0);
  char b;
  read(sync[0], &b, 1);
  puts("done");
}
