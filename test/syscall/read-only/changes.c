// Every call that would change something of a directory that is mounted read-only: the argument.
#include "../say.h"
#include <sys/xattr.h>
int main(int argc, char **argv) {
  struct timespec times[2] = {{1, 0}, {1, 0}};
  struct timeval old_times[2] = {{1, 0}, {1, 0}};
  struct sockaddr_un at = {AF_UNIX, "new"};
  SAY(chdir(argv[argc - 1]));
  int f = open("f", O_RDONLY);
  SAY(syscall(SYS_open, "f", O_RDWR));
  SAY(syscall(SYS_open, "f", O_RDONLY | O_TRUNC));
  SAY(syscall(SYS_open, "f", O_RDONLY | O_CREAT, 0644) > 0);
  SAY(syscall(SYS_open, "new", O_RDONLY | O_CREAT, 0644));
  SAY(syscall(SYS_openat, AT_FDCWD, "f", O_WRONLY));
  SAY(syscall(SYS_openat, AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0644));
  SAY(syscall(SYS_creat, "f", 0644));
  SAY(syscall(SYS_access, "f", W_OK));
  SAY(syscall(SYS_access, "f", R_OK));
  SAY(syscall(SYS_access, "d", W_OK));
  SAY(syscall(SYS_faccessat, AT_FDCWD, "f", W_OK));
  SAY(syscall(SYS_faccessat2, AT_FDCWD, "f", W_OK, AT_EACCESS));
  SAY(syscall(SYS_chmod, "f", 0600));
  SAY(syscall(SYS_fchmod, f, 0600));
  SAY(syscall(SYS_fchmodat, AT_FDCWD, "f", 0600));
  SAY(syscall(SYS_chown, "f", 1, 1));
  SAY(syscall(SYS_lchown, "link", 1, 1));
  SAY(syscall(SYS_fchown, f, 1, 1));
  SAY(syscall(SYS_fchownat, AT_FDCWD, "f", 1, 1, 0));
  SAY(syscall(SYS_truncate, "f", 0L));
  SAY(syscall(SYS_utimensat, AT_FDCWD, "f", times, 0));
  SAY(syscall(SYS_utimes, "f", old_times));
  SAY(syscall(SYS_utime, "f", 0L));
  SAY(syscall(SYS_futimesat, AT_FDCWD, "f", old_times));
  SAY(syscall(SYS_mkdir, "new", 0755));
  SAY(syscall(SYS_mkdir, "d", 0755));
  SAY(syscall(SYS_mkdirat, AT_FDCWD, "new", 0755));
  SAY(syscall(SYS_mknod, "new", S_IFIFO | 0644, 0L));
  SAY(syscall(SYS_mknodat, AT_FDCWD, "new", S_IFIFO | 0644, 0L));
  SAY(syscall(SYS_rmdir, "d"));
  SAY(syscall(SYS_rmdir, "none"));
  SAY(syscall(SYS_unlink, "f"));
  SAY(syscall(SYS_unlink, "none"));
  SAY(syscall(SYS_unlinkat, AT_FDCWD, "f", 0));
  SAY(syscall(SYS_unlinkat, AT_FDCWD, "d", AT_REMOVEDIR));
  SAY(syscall(SYS_rename, "f", "new"));
  SAY(syscall(SYS_rename, "none", "new"));
  SAY(syscall(SYS_renameat, AT_FDCWD, "f", AT_FDCWD, "new"));
  SAY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "new", 0));
  SAY(syscall(SYS_link, "f", "new"));
  SAY(syscall(SYS_linkat, AT_FDCWD, "f", AT_FDCWD, "new", 0));
  SAY(syscall(SYS_symlink, "f", "new"));
  SAY(syscall(SYS_symlinkat, "f", AT_FDCWD, "new"));
  SAY(setxattr("f", "user.a", "1", 1, 0));
  SAY(removexattr("f", "user.a"));
  SAY(syscall(SYS_bind, socket(AF_UNIX, SOCK_STREAM, 0), &at, sizeof at));
}
