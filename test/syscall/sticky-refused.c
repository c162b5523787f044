// Entries of others in a sticky directory, links to the files of others: EPERM. Loops in paths of unlink and rename.
#include "say.h"
int main(void) {
  mkdir("tmp", 0777), chmod("tmp", 01777), mkdir("tmp/d", 0755), close(file_with("tmp/f", "x")), chmod(".", 0755);
  symlink("loop", "loop");
  SAY(syscall(SYS_unlink, "loop/x"));
  SAY(syscall(SYS_unlinkat, AT_FDCWD, "loop/x", 0));
  SAY(syscall(SYS_rename, "loop/x", "y"));
  SAY(syscall(SYS_renameat, AT_FDCWD, "tmp/f", AT_FDCWD, "loop/x"));
  SAY(syscall(SYS_renameat2, AT_FDCWD, "loop/x", AT_FDCWD, "y", 0));
  SAY(syscall(SYS_renameat2, 99, "loop/x", AT_FDCWD, "y", 0));
  mkdir("shut", 0600);
  int shut = open("shut", O_RDONLY);
  SAY(setresuid(65534, 65534, 65534));
  SAY(syscall(SYS_rmdir, "tmp/d"));
  SAY(syscall(SYS_unlinkat, AT_FDCWD, "tmp/f", 0));
  SAY(syscall(SYS_unlinkat, AT_FDCWD, "tmp/d", AT_REMOVEDIR));
  SAY(syscall(SYS_renameat, AT_FDCWD, "tmp/f", AT_FDCWD, "tmp/g"));
  SAY(syscall(SYS_renameat2, AT_FDCWD, "tmp/f", AT_FDCWD, "tmp/g", 0));
  SAY(syscall(SYS_fchdir, shut));
}
