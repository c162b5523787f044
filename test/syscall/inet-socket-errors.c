// What socket refuses.
#include "inet.h"
int main(void) {
  SAY(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
  SAY(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
  SAY(socket(AF_INET, SOCK_SEQPACKET, 0));
  SAY(socket(AF_INET, SOCK_STREAM, 300));
  SAY(socket(AF_INET, SOCK_STREAM, -1));
  SAY(socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) > 0);
  int v[2];
  SAY(socketpair(AF_INET, SOCK_STREAM, 0, v));
  SAY(socket(AF_INET, SOCK_STREAM | 0x100, 0));
  char b;
  SAY(read(socket(AF_INET, SOCK_STREAM, 0), &b, 1));
  SAY(send(socket(AF_INET, SOCK_STREAM, 0), &b, 1, MSG_NOSIGNAL));
  SAY(recv(open("/dev/null", O_RDWR), &b, 1, 0));
  SAY(lseek(socket(AF_INET, SOCK_STREAM, 0), 0, SEEK_CUR));
}
