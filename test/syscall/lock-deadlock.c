// F_SETLKW: two that wait for each other are told so.
#include "say.h"
static int lock(int fd, int at) {
  struct flock l = {.l_type = F_WRLCK, .l_start = at, .l_len = 1};
  return fcntl(fd, F_SETLKW, &l);
}
int main(void) {
  int fd = file_with("f", "ab"), p[2];
  pipe(p);
  lock(fd, 0);
  pid_t pid = fork();
  if (pid == 0) {
    lock(fd, 1);
    write(p[1], "x", 1);
    lock(fd, 0); // until the parent ends its wait with an error and lets go
    _exit(0);
  }
  char byte;
  read(p[0], &byte, 1);
  sleep_ms(50);
  SAY(lock(fd, 1));
  struct flock all = {.l_type = F_UNLCK};
  SAY(fcntl(fd, F_SETLK, &all));
  reap(pid);
}
