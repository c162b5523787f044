// setfsuid, setfsgid: they answer the id before, whatever they do.
#include "say.h"
#include <sys/fsuid.h>
int main(void) {
  SAY(syscall(SYS_setfsuid, 1000));
  SAY(syscall(SYS_setfsuid, -1));
  SAY(syscall(SYS_setfsgid, 1000));
  SAY(syscall(SYS_setfsgid, -1));
  SAY(setresuid(5, 6, 7));
  SAY(syscall(SYS_setfsuid, 7));
  SAY(syscall(SYS_setfsuid, 99));
  SAY(syscall(SYS_setfsuid, -1));
}
