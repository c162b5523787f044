// getsockname, getpeername, accept, getsockopt: lengths that are too short, negative, nowhere.
#include "say.h"
int main(void) {
  int s[2], other[2];
  struct sockaddr_un a;
  socklen_t n = 1;
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  memset(&a, 0x55, sizeof a);
  SAY(syscall(SYS_getsockname, s[0], &a, &n));
  printf("%d %x\n", n, ((unsigned char *)&a)[1]);
  n = -1;
  SAY(syscall(SYS_getsockname, s[0], &a, &n));
  SAY(syscall(SYS_getpeername, s[0], &a, &n));
  SAY(syscall(SYS_getsockname, s[0], &a, 8L));
  n = sizeof a;
  SAY(syscall(SYS_getsockname, s[0], 8L, &n));
  SAY(syscall(SYS_getpeername, s[0], 8L, &n));
  int value;
  n = -1;
  SAY(syscall(SYS_getsockopt, s[0], SOL_SOCKET, SO_TYPE, &value, &n));
  n = 2, value = 0x55555555;
  SAY(syscall(SYS_getsockopt, s[0], SOL_SOCKET, SO_TYPE, &value, &n));
  printf("%x %d\n", value, n);
  SAY(syscall(SYS_socketpair, AF_INET, SOCK_STREAM, 0, other));
  SAY(syscall(SYS_socketpair, 77, SOCK_STREAM, 0, other));
  SAY(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 8L));
  SAY(syscall(SYS_sendto, s[0], "x", 1L, 0, &a, sizeof a));
  SAY(syscall(SYS_sendto, s[0], 8L, 1L, 0, 0L, 0));
}
