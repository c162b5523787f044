// F_SETLKW: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  int f = file_with("f", ""), g;
  struct flock l = {.l_type = F_WRLCK};
  fcntl(f, F_SETLK, &l);
  INTERRUPTED((g = open("f", O_RDWR), fcntl(g, F_SETLKW, &l)));
}
