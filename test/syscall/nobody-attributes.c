// What who does not own a file may not change of it.
#include "say.h"
#include <sys/xattr.h>
int main(void) {
  int f = file_with("f", "x");
  chmod("f", 0666);
  struct timespec t[2] = {{1, 0}, {1, 0}};
  setresuid(1000, 1000, 1000);
  SAY(syscall(SYS_chmod, "f", 0600));
  SAY(syscall(SYS_fchmod, f, 0600));
  SAY(syscall(SYS_fchmodat, AT_FDCWD, "f", 0600));
  SAY(syscall(SYS_chown, "f", 1000, -1));
  SAY(syscall(SYS_lchown, "f", 1000, -1));
  SAY(syscall(SYS_fchown, f, 1000, -1));
  SAY(syscall(SYS_fchownat, AT_FDCWD, "f", 1000, -1, 0));
  SAY(syscall(SYS_utimensat, AT_FDCWD, "f", t, 0));
  SAY(syscall(SYS_utimensat, AT_FDCWD, "f", 0L, 0));
  SAY(open("f", O_RDONLY | O_NOATIME));
  SAY(fcntl(f, F_SETFL, O_NOATIME));
  SAY(syscall(SYS_mknod, "/tmp/device", S_IFCHR | 0600, 0x103));
  SAY(syscall(SYS_mknodat, AT_FDCWD, "/tmp/device", S_IFBLK | 0600, 0x103));
  SAY(setxattr("f", "trusted.a", "1", 1, 0));
  SAY(syscall(SYS_link, "f", "g"));
  SAY(syscall(SYS_mkdir, "d", 0700));
  SAY(syscall(SYS_symlink, "f", "l"));
  SAY(syscall(SYS_unlink, "f"));
  SAY(syscall(SYS_rename, "f", "g"));
}
