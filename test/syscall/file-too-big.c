// EFBIG: what is longer than a file, or RLIMIT_FSIZE, may be.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789"), g = file_with("g", "0123456789");
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit l = {1 << 20, 1 << 20};
  SAY(setrlimit(RLIMIT_FSIZE, &l));
  SAY(syscall(SYS_truncate, "f", (1L << 20) + 1));
  SAY(syscall(SYS_ftruncate, f, (1L << 20) + 1));
  SAY(syscall(SYS_ftruncate, f, 1L << 20));
  SAY(syscall(SYS_fallocate, f, 0, 0L, (1L << 20) + 1));
  SAY(syscall(SYS_pwrite64, f, "ab", 2L, (1L << 20) - 1));
  SAY(syscall(SYS_pwrite64, f, "ab", 2L, 1L << 20));
  loff_t at = 1 << 20;
  SAY(syscall(SYS_copy_file_range, g, 0L, f, &at, 5L, 0));
  lseek(f, 1 << 20, SEEK_SET), lseek(g, 0, SEEK_SET);
  SAY(syscall(SYS_sendfile, f, g, 0L, 5L));
  SAY(syscall(SYS_fallocate, f, 0, 0x7fffffffffffffff, 10L));
  SAY(syscall(SYS_lseek, f, 0x7fffffffffffffff, SEEK_END));
}
