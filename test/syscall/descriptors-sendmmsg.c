// Descriptors of every kind for sendmmsg.
#include "descriptors.h"
int main(void) {
  struct iovec v = {"text", 4};
  struct mmsghdr m = {.msg_hdr = {.msg_iov = &v, .msg_iovlen = 1}};
  DESCRIPTORS(syscall(SYS_sendmmsg, fd, &m, 1, MSG_NOSIGNAL));
}
