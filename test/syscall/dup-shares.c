// dup shares position and flags, not close-on-exec.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789");
  int g = dup(f), h = open("f", O_RDONLY);
  char b[4];
  read(f, b, 3);
  SAY(lseek(g, 0, SEEK_CUR));
  SAY(lseek(h, 0, SEEK_CUR));
  fcntl(f, F_SETFD, FD_CLOEXEC);
  SAY(fcntl(g, F_GETFD));
  fcntl(f, F_SETFL, O_APPEND);
  SAY(fcntl(g, F_GETFL) & O_APPEND ? 1 : 0);
  SAY(dup3(f, f, 0));
  SAY(dup3(f, 50, O_CLOEXEC));
  SAY(fcntl(50, F_GETFD));
  SAY(dup2(f, f) == f);
  SAY(dup2(99, 5));
  SAY(dup2(f, -1));
  SAY(fcntl(f, F_DUPFD_CLOEXEC, 60));
  SAY(fcntl(60, F_GETFD));
}
