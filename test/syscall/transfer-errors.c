// sendfile and copy_file_range: pipes, full pipes, bad offsets, limits.
#include "say.h"
int main(void) {
  int f = file_with("f", "some text"), g = file_with("g", ""), p[2];
  loff_t at = 0, far = LLONG_MAX - 5, five = 5;
  pipe2(p, O_NONBLOCK);
  static char block[65536];
  write(p[1], block, sizeof block);
  SAY(syscall(SYS_sendfile, p[1], f, 0L, 5L));
  SAY(syscall(SYS_sendfile, g, p[0], &at, 5L));
  SAY(syscall(SYS_sendfile, g, f, 8L, 5L));
  SAY(syscall(SYS_copy_file_range, f, &five, g, 0L, -1L, 0));
  SAY(syscall(SYS_copy_file_range, f, 0L, g, &far, 100L, 0));
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = {1 << 20, 1 << 20};
  SAY(setrlimit(RLIMIT_FSIZE, &small));
  at = 1 << 20;
  SAY(syscall(SYS_copy_file_range, f, 0L, g, &at, 5L, 0));
  at = (1 << 20) - 2;
  SAY(syscall(SYS_copy_file_range, f, 0L, g, &at, 5L, 0));
}
