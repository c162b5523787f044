// Directories, links and nodes where the file system has none: /dev/pts, /proc, /sys.
#include "say.h"
int main(void) {
  close(file_with("f", "text"));
  SAY(syscall(SYS_mkdir, "/dev/pts/new", 0755));
  SAY(syscall(SYS_mkdirat, AT_FDCWD, "/dev/pts/new", 0755));
  SAY(syscall(SYS_symlink, "f", "/dev/pts/new"));
  SAY(syscall(SYS_symlinkat, "f", AT_FDCWD, "/dev/pts/new"));
  SAY(syscall(SYS_mknod, "/dev/pts/new", S_IFIFO | 0644, 0L));
  SAY(syscall(SYS_open, "/dev/pts/new", O_CREAT | O_RDWR, 0644));
  SAY(syscall(SYS_mkdir, "/proc/new", 0755));
  SAY(syscall(SYS_symlink, "f", "/proc/new"));
  SAY(syscall(SYS_mkdir, "/sys/new", 0755));
  SAY(syscall(SYS_symlink, "f", "/sys/new"));
  SAY(syscall(SYS_mknod, "new", S_IFLNK | 0644, 0L));
  SAY(syscall(SYS_mknod, "new", S_IFDIR | 0644, 0L));
  mkdir("d", 0755);
  SAY(syscall(SYS_linkat, AT_FDCWD, "d", AT_FDCWD, "new", 0));
}
