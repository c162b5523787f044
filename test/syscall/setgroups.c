// setgroups, getgroups: the list, its size, who may.
#include "say.h"
#include <grp.h>
int main(void) {
  gid_t some[3] = {30, 10, 20}, got[3] = {0};
  SAY(syscall(SYS_setgroups, 3, some));
  SAY(syscall(SYS_getgroups, 0, 0L));
  SAY(syscall(SYS_getgroups, 2, got));
  SAY(syscall(SYS_getgroups, -1, got));
  SAY(syscall(SYS_getgroups, 3, got));
  printf("%d %d %d\n", got[0], got[1], got[2]);
  SAY(syscall(SYS_getgroups, 3, 8L));
  SAY(syscall(SYS_setgroups, 65537, some));
  SAY(syscall(SYS_setgroups, 3, 8L));
  SAY(syscall(SYS_setgroups, 0, 0L));
  SAY(syscall(SYS_getgroups, 0, 0L));
  SAY(setuid(1000));
  SAY(syscall(SYS_setgroups, 0, 0L));
}
