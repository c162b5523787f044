// setresuid, setresgid: any of the three without root, nothing else.
#include "say.h"
static void users(void) { uid_t r, e, s; getresuid(&r, &e, &s), printf("uid %d %d %d\n", r, e, s); }
static void groups(void) { gid_t r, e, s; getresgid(&r, &e, &s), printf("gid %d %d %d\n", r, e, s); }
int main(void) {
  SAY(syscall(SYS_setresgid, 1, 2, 3));
  groups();
  SAY(syscall(SYS_setresuid, 1, 2, 3));
  users();
  SAY(syscall(SYS_setresuid, 3, 1, 2));
  users();
  SAY(syscall(SYS_setresuid, -1, 3, -1));
  users();
  SAY(syscall(SYS_setresuid, 4, -1, -1));
  users();
  SAY(syscall(SYS_setresgid, 2, 3, 1));
  groups();
  SAY(syscall(SYS_setresgid, -1, -1, 9));
  groups();
  SAY(syscall(SYS_getresuid, 8L, 8L, 8L));
}
