// Descriptors of every kind for recvmmsg.
#include "descriptors.h"
int main(void) {
  char b[4];
  struct iovec v = {b, 4};
  struct mmsghdr m = {.msg_hdr = {.msg_iov = &v, .msg_iovlen = 1}};
  DESCRIPTORS(syscall(SYS_recvmmsg, fd, &m, 1, 0, 0L));
}
