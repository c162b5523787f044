// Who may take a terminal: leaders without one, by open or by TIOCSCTTY; TIOCNOTTY gives it up.
#include "pty.h"
int main(void) {
  pair();
  char name[50];
  ttyname_r(slave, name, 50);
  SAY(ioctl(slave, TIOCGSID, &(int){0}));
  pid_t pid = fork();
  if (pid == 0) {
    SAY(ioctl(slave, TIOCSCTTY, 0));
    setsid();
    SAY(open("/dev/tty", O_RDWR));
    int s = open(name, O_RDWR);
    int t = open("/dev/tty", O_RDWR);
    SAY(t > 0);
    SAY(tcgetsid(t) == getpid());
    SAY(tcsetpgrp(s, 99999));
    SAY(ioctl(slave, TIOCSCTTY, 0));
    signal(SIGHUP, SIG_IGN);
    SAY(ioctl(t, TIOCNOTTY, 0));
    SAY(open("/dev/tty", O_RDWR));
    SAY(ioctl(s, TIOCGPGRP, &(int){0}));
    _exit(0);
  }
  reap(pid);
}
