// locks of an open file, not of a process.
#include "say.h"
int main(void) {
  int f = file_with("f", "x"), g = open("f", O_RDWR);
  struct flock l = {F_WRLCK, SEEK_SET, 0, 0, 0};
  SAY(fcntl(f, F_OFD_SETLK, &l));
  SAY(fcntl(g, F_OFD_SETLK, &l));
  SAY(fcntl(g, F_OFD_GETLK, &l));
  printf("%d %d\n", l.l_type, l.l_pid);
  close(f);
  l = (struct flock){F_WRLCK, SEEK_SET, 0, 0, 0};
  SAY(fcntl(g, F_OFD_SETLK, &l));
}
