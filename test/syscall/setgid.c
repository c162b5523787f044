// setgid: all ids as root, only its own without it.
#include "say.h"
static void ids(void) { gid_t r, e, s; syscall(SYS_getresgid, &r, &e, &s), printf("%d %d %d\n", r, e, s); }
int main(void) {
  SAY(syscall(SYS_setgid, -1));
  SAY(syscall(SYS_setgid, 1000));
  ids();
  SAY(syscall(SYS_setgid, 0));
  ids();
  SAY(setresgid(5, 6, 7));
  ids();
  SAY(setresuid(9, 9, 9));
  SAY(syscall(SYS_setgid, 5));
  ids();
  SAY(syscall(SYS_setgid, 7));
  ids();
  SAY(syscall(SYS_setgid, 8));
  SAY(syscall(SYS_getresgid, 8L, 8L, 8L));
}
