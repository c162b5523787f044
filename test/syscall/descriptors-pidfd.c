// pidfd_send_signal, pidfd_getfd: descriptors that are no processes.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_pidfd_send_signal, fd, 0, 0L, 0));
  DESCRIPTORS(syscall(SYS_pidfd_getfd, fd, 0, 0));
}
