// The master closes: SIGHUP, the end for readers, EIO for writers. The slaves close: EIO for the master.
#include "pty.h"
static void on(int s) { printf("got %d\n", s), fflush(stdout); }
int main(void) {
  char b[10];
  pair();
  write(slave, "last", 4);
  close(slave);
  SAY(ready(master) & POLLHUP);
  take("rest", master);
  take("end", master);
  pair();
  int sync[2];
  pipe(sync);
  pid_t pid = fork();
  if (pid == 0) {
    close(master);
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    signal(SIGHUP, on);
    write(sync[1], "x", 1);
    sleep_ms(80);
    SAY(read(slave, b, 10));
    SAY(write(slave, "x", 1));
    SAY(ready(slave));
    SAY(tcgetpgrp(slave));
    SAY(open("/dev/tty", O_RDWR));
    _exit(0);
  }
  read(sync[0], b, 1);
  close(slave);
  close(master);
  reap(pid);
}
