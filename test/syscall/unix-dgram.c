// Datagrams: bounds kept, addresses of senders, cut messages, connected ones refuse others.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./a"}, b = {AF_UNIX, "./b"}, from;
  socklen_t n;
  char buffer[10] = "";
  int x = socket(AF_UNIX, SOCK_DGRAM, 0), y = socket(AF_UNIX, SOCK_DGRAM, 0), z = socket(AF_UNIX, SOCK_DGRAM, 0);
  SAY(send(y, "1", 1, 0));
  SAY(sendto(y, "1", 1, 0, (void *)&a, sizeof a));
  SAY(bind(x, (void *)&a, sizeof a));
  SAY(sendto(y, "from nobody", 11, 0, (void *)&a, sizeof a));
  SAY(bind(y, (void *)&b, sizeof b));
  SAY(sendto(y, "two", 3, 0, (void *)&a, sizeof a));
  SAY(sendto(y, "", 0, 0, (void *)&a, sizeof a));
  SAY(ready(x));
  int value = 0;
  SAY(ioctl(x, FIONREAD, &value));
  SAY(value);
  n = sizeof from;
  SAY(recvfrom(x, buffer, 4, MSG_TRUNC, (void *)&from, &n));
  printf("%.4s %d\n", buffer, n);
  n = sizeof from;
  SAY(recvfrom(x, buffer, 10, MSG_PEEK, (void *)&from, &n));
  n = sizeof from;
  SAY(recvfrom(x, buffer, 10, 0, (void *)&from, &n));
  printf("%.3s %d %s\n", buffer, n, from.sun_path);
  SAY(recv(x, buffer, 10, 0));
  SAY(recv(x, buffer, 10, MSG_DONTWAIT));
  SAY(connect(y, (void *)&a, sizeof a));
  SAY(write(y, "three", 5));
  SAY(read(x, buffer, 10));
  SAY(connect(x, (void *)&b, sizeof b));
  SAY(sendto(z, "no", 2, 0, (void *)&a, sizeof a));
  SAY(connect(z, (void *)&a, sizeof a));
  SAY(write(x, "back", 4));
  SAY(read(y, buffer, 10));
  SAY(close(x));
  SAY(write(y, "gone", 4));
  SAY(write(y, "gone", 4));
}
