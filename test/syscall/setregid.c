// setregid, setreuid: swaps, and what they make of the saved id.
#include "say.h"
static void groups(void) { gid_t r, e, s; getresgid(&r, &e, &s), printf("gid %d %d %d\n", r, e, s); }
static void users(void) { uid_t r, e, s; getresuid(&r, &e, &s), printf("uid %d %d %d\n", r, e, s); }
int main(void) {
  SAY(syscall(SYS_setregid, 10, 20));
  groups();
  SAY(syscall(SYS_setregid, -1, 10));
  groups();
  SAY(syscall(SYS_setregid, -1, -1));
  groups();
  SAY(syscall(SYS_setreuid, 30, 40));
  users();
  SAY(syscall(SYS_setregid, 20, -1));
  groups();
  SAY(syscall(SYS_setregid, 99, -1));
  groups();
  SAY(syscall(SYS_setreuid, 40, 30));
  users();
  SAY(syscall(SYS_setreuid, 50, -1));
  users();
  SAY(syscall(SYS_setreuid, -1, 50));
  users();
}
