// What the kernel does with SIGEV_THREAD: 32 bytes to a netlink socket, the last 1 for a message and 2 when it is given up.
// flags: -lrt
#include "say.h"
#include <linux/netlink.h>
#include <mqueue.h>
static void cookie_of(int s) {
  char got[64];
  ssize_t n = recv(s, got, sizeof got, MSG_DONTWAIT);
  if (n == -1) printf("%s\n", strerrorname_np(errno));
  else printf("%zd %.8s %d\n", n, got, got[31]);
}
int main(void) {
  int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), other = socket(AF_UNIX, SOCK_DGRAM, 0), file = file_with("f", "");
  char cookie[32] = "cookies";
  mq_unlink("/elfin-cookie");
  struct mq_attr a = {.mq_maxmsg = 4, .mq_msgsize = 16};
  mqd_t q = mq_open("/elfin-cookie", O_RDWR | O_CREAT, 0600, &a);
  struct sigevent e = {.sigev_notify = SIGEV_THREAD, .sigev_signo = s, .sigev_value.sival_ptr = cookie};
#define NOTIFY(fd) SAY(syscall(SYS_mq_notify, fd, &e))
  NOTIFY(q);
  cookie_of(s);
  mq_send(q, "a", 1, 0);
  cookie_of(s), cookie_of(s);
  NOTIFY(q);
  mq_send(q, "a", 1, 0);
  cookie_of(s);
  SAY(mq_notify(q, 0));
  cookie_of(s);
  NOTIFY(q);
  int copy = dup(q);
  close(copy);
  cookie_of(s);
  NOTIFY(q);
  if (fork() == 0) mq_close(q), _exit(0);
  wait(0);
  cookie_of(s);
  NOTIFY(file);
  e.sigev_signo = other;
  NOTIFY(q);
  e.sigev_signo = file;
  NOTIFY(q);
  e.sigev_signo = 999;
  NOTIFY(q);
  NOTIFY(999);
  e.sigev_signo = s, e.sigev_value.sival_ptr = (void *)8;
  NOTIFY(q);
  NOTIFY(999);
  e.sigev_notify = 3;
  NOTIFY(q);
  mq_close(q);
  cookie_of(s);
  mq_unlink("/elfin-cookie");
}
