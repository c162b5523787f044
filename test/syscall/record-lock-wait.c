// a lock that is waited for.
#include "say.h"
int main(void) {
  int f = file_with("f", "x"), p[2];
  pipe(p);
  struct flock l = {F_WRLCK, SEEK_SET, 0, 0, 0};
  SAY(fcntl(f, F_SETLK, &l));
  pid_t pid = fork();
  if (pid == 0) { write(p[1], "r", 1); int r = fcntl(f, F_SETLKW, &l); _exit(r == 0 ? 5 : 6); }
  char b;
  read(p[0], &b, 1), sleep_ms(10);
  l.l_type = F_UNLCK;
  SAY(fcntl(f, F_SETLK, &l));
  reap(pid);
}
