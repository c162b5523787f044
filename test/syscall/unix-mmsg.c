// Several messages in one call.
#include "say.h"
int main(void) {
  int s[2];
  char a[4] = "", b[4] = "", c[4] = "";
  socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
  struct iovec out[3] = {{"one", 3}, {"22", 2}, {"", 0}}, in[3] = {{a, 4}, {b, 1}, {c, 4}};
  struct mmsghdr m[3], r[3];
  memset(m, 0, sizeof m), memset(r, 0, sizeof r);
  for (int i = 0; i < 3; i++) m[i].msg_hdr.msg_iov = out + i, m[i].msg_hdr.msg_iovlen = 1, r[i].msg_hdr.msg_iov = in + i, r[i].msg_hdr.msg_iovlen = 1;
  SAY(sendmmsg(s[0], m, 3, 0));
  printf("%u %u %u\n", m[0].msg_len, m[1].msg_len, m[2].msg_len);
  SAY(recvmmsg(s[1], r, 2, 0, 0));
  printf("%u %u %x %s %.1s\n", r[0].msg_len, r[1].msg_len, r[1].msg_hdr.msg_flags, a, b);
  SAY(recvmmsg(s[1], r, 3, MSG_WAITFORONE, 0));
  printf("%u\n", r[0].msg_len);
  SAY(recvmmsg(s[1], r, 3, MSG_DONTWAIT, 0));
  struct timespec t = {0, 10000000}, bad = {0, -1};
  SAY(recvmmsg(s[1], r, 3, 0, &bad));
  SAY(sendmmsg(s[0], m, 0, 0));
  SAY(sendmmsg(open("/dev/null", O_RDWR), m, 1, 0));
  (void)t;
}
