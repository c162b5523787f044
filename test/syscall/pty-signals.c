// Keys that are signals reach the foreground group of the session.
#include "pty.h"
static volatile int count;
static void on(int s) { count++, printf("got %d\n", s), fflush(stdout); }
int main(void) {
  pair();
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    SAY(ioctl(slave, TIOCSCTTY, 0));
    signal(SIGINT, on), signal(SIGQUIT, on), signal(SIGTSTP, on), signal(SIGWINCH, on);
    SAY(tcgetpgrp(slave) == getpid());
    SAY(tcgetsid(slave) == getpid());
    int t = open("/dev/tty", O_RDWR);
    SAY(t > 0);
    write(slave, "ready\n", 6);
    for (int i = 0; count < 4 && i < 1000; i++) sleep_ms(5);
    _exit(0);
  }
  char b[100];
  read(master, b, 100);
  type("lost\x03");
  sleep_ms(30);
  take("echo", master);
  take("slave", slave);
  type("\x1c");
  sleep_ms(30);
  type("\x1a");
  sleep_ms(30);
  struct winsize w = {40, 100};
  ioctl(master, TIOCSWINSZ, &w);
  reap(pid);
  w.ws_row = 0;
  SAY(ioctl(slave, TIOCGWINSZ, &w));
  printf("%d %d\n", w.ws_row, w.ws_col);
}
