// pwritev2 and vmsplice: what their vectors and flags may not be.
#include "say.h"
int main(void) {
  struct iovec v = {"x", 1};
  int f = file_with("f", "text"), p[2];
  pipe(p);
  SAY(syscall(SYS_pwritev2, f, &v, 1L, 0L, 0L, 0x4000));
  SAY(syscall(SYS_vmsplice, p[1], &v, 1025L, 0));
  SAY(syscall(SYS_faccessat, AT_FDCWD, "f", 8));
  SAY(fcntl(f, F_NOTIFY, DN_CREATE));
  SAY(syscall(SYS_ioctl, p[0], FIONREAD, 8L));
}
