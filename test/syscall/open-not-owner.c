// O_NOATIME and sealed memory files: EPERM.
#include "say.h"
int main(void) {
  char name[40];
  close(file_with("f", "text"));
  int m = memfd_create("m", MFD_ALLOW_SEALING);
  write(m, "sealed", 6);
  SAY(fcntl(m, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
  snprintf(name, sizeof name, "/proc/self/fd/%d", m);
  SAY(syscall(SYS_creat, name, 0644));
  SAY(syscall(SYS_open, name, O_RDWR | O_TRUNC));
  SAY(syscall(SYS_truncate, name, 2L));
  SAY(syscall(SYS_truncate, name, 20L));
  SAY(fallocate(m, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  SAY(setresuid(65534, 65534, 65534));
  SAY(syscall(SYS_open, "f", O_RDONLY | O_NOATIME));
}
