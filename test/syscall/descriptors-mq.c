// mq_timedsend, mq_timedreceive, mq_getsetattr, mq_notify: descriptors that are no queues.
#include "descriptors.h"
int main(void) {
  char b[100];
  DESCRIPTORS(syscall(SYS_mq_timedsend, fd, "x", 1L, 0, 0L));
  DESCRIPTORS(syscall(SYS_mq_timedreceive, fd, b, 9L, 0L, 0L));
  DESCRIPTORS(syscall(SYS_mq_getsetattr, fd, 0L, b));
  DESCRIPTORS(syscall(SYS_mq_notify, fd, 0L));
}
