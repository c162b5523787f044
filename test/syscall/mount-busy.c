// EBUSY: places where something is mounted are not removed or moved.
#include "say.h"
int main(void) {
  SAY(syscall(SYS_rmdir, "/proc"));
  SAY(syscall(SYS_unlinkat, AT_FDCWD, "/dev/pts", AT_REMOVEDIR));
  SAY(syscall(SYS_rename, "/proc", "/proc2"));
  SAY(syscall(SYS_renameat, AT_FDCWD, "/proc", AT_FDCWD, "/proc2"));
  SAY(syscall(SYS_renameat2, AT_FDCWD, "/proc", AT_FDCWD, "/proc2", 0));
  SAY(syscall(SYS_rmdir, "/"));
  SAY(syscall(SYS_rename, ".", "x"));
  SAY(syscall(SYS_rename, "/", "x"));
}
