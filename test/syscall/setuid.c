// setuid: all ids as root, the saved one back without it.
#include "say.h"
static void ids(void) { uid_t r, e, s; getresuid(&r, &e, &s), printf("%d %d %d\n", r, e, s); }
int main(void) {
  SAY(syscall(SYS_setuid, -1));
  SAY(seteuid(1000));
  SAY(syscall(SYS_setuid, 7));
  SAY(syscall(SYS_setuid, 0));
  ids();
  SAY(syscall(SYS_setuid, 1000));
  ids();
  SAY(syscall(SYS_setuid, 0));
  ids();
  SAY(syscall(SYS_setuid, 1000));
}
