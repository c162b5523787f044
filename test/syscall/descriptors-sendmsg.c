// Descriptors of every kind for sendmsg.
#include "descriptors.h"
int main(void) {
  struct iovec v = {"text", 4};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  DESCRIPTORS(syscall(SYS_sendmsg, fd, &m, MSG_NOSIGNAL));
}
