// EXDEV: names do not move, or get links, across file systems.
#include "say.h"
int main(void) {
  char there[60];
  snprintf(there, sizeof there, "/dev/shm/elfin-test-%d", getpid());
  close(file_with("f", "x"));
  SAY(syscall(SYS_rename, "f", there));
  SAY(syscall(SYS_renameat, AT_FDCWD, "f", AT_FDCWD, there));
  SAY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, there, 0));
  SAY(syscall(SYS_link, "f", there));
  SAY(syscall(SYS_linkat, AT_FDCWD, "f", AT_FDCWD, there, 0));
  SAY(access(there, F_OK));
}
