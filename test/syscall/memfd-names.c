// names, flags, size, exec.
#include "say.h"
int main(void) {
  char b[60] = "", name[300];
  int f = memfd_create("a name", MFD_CLOEXEC);
  sprintf(name, "/proc/self/fd/%d", f);
  int n = readlink(name, b, 60);
  printf("%.*s\n", n, b);
  SAY(fcntl(f, F_GETFD));
  memset(name, 'x', 299), name[249] = 0;
  SAY(memfd_create(name, 0) > 0);
  name[249] = 'x', name[250] = 0;
  SAY(memfd_create(name, 0));
  SAY(memfd_create("x", 0x100));
  struct stat s;
  fstat(f, &s);
  printf("%o %ld\n", s.st_mode, (long)s.st_nlink);
}
