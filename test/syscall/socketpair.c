// Connected sockets: both directions, readiness, shutdown, the end of the peer, messages, options.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static int ready(int fd) {
  struct pollfd it = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
  poll(&it, 1, 0);
  return it.revents;
}

int main(void) {
  int s[2], t[2], value = 0, status;
  char buffer[100] = "", other[8] = "";
  struct sockaddr_un address;
  socklen_t length;
  struct ucred peer;
  struct iovec pieces[2] = {{buffer, 3}, {other, 4}};
  struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  signal(SIGPIPE, SIG_IGN);

  SAY(socketpair(AF_INET, SOCK_STREAM, 0, s));
  SAY(socketpair(AF_UNIX, SOCK_STREAM, 77, s));
  SAY(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, t));
  SAY(fcntl(t[0], F_GETFD));
  SAY(read(t[0], buffer, 1));
  SAY(ready(t[0]));
  SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
  SAY(recv(s[0], buffer, 1, MSG_DONTWAIT));
  SAY(write(s[0], "hello", 5));
  SAY(ready(s[1]));
  SAY(ioctl(s[1], FIONREAD, &value));
  SAY(value);
  SAY(send(s[1], "back", 4, MSG_NOSIGNAL));
  SAY(recv(s[0], buffer, sizeof buffer, 0));
  SAY(recvmsg(s[1], &message, 0));
  printf("%.3s %s\n", buffer, other);
  SAY(sendmsg(s[1], &message, 0));
  SAY(read(s[0], buffer, sizeof buffer));
  SAY(lseek(s[0], 0, SEEK_SET));
  SAY(pread(s[0], buffer, 1, 0));

  length = sizeof value;
  SAY(getsockopt(s[0], SOL_SOCKET, SO_TYPE, &value, &length));
  SAY(value == SOCK_STREAM && length == 4);
  SAY(getsockopt(s[0], SOL_SOCKET, SO_ERROR, &value, &length));
  SAY(value);
  length = sizeof peer;
  SAY(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &peer, &length));
  SAY(peer.pid == getpid() && peer.uid == getuid());
  SAY(setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, &value, sizeof value));
  length = sizeof address;
  SAY(getpeername(s[0], (struct sockaddr *)&address, &length));
  SAY(length);
  SAY(address.sun_family);
  int null = open("/dev/null", O_RDWR);
  SAY(getsockopt(null, SOL_SOCKET, SO_TYPE, &value, &length));
  SAY(send(null, "x", 1, 0));

  // shutdown: the end for the peer, EPIPE here, the other way goes on
  SAY(shutdown(s[0], SHUT_WR));
  SAY(ready(s[1]));
  SAY(read(s[1], buffer, 1));
  SAY(write(s[0], "x", 1));
  SAY(write(s[1], "y", 1));
  SAY(read(s[0], buffer, 1));
  SAY(shutdown(s[0], 9));
  SAY(close(s[1]));
  SAY(ready(s[0]));
  SAY(read(s[0], buffer, 1));

  // between processes, more than the buffer holds
  SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
  fflush(stdout);
  if (fork() == 0) {
    char many[10000];
    close(s[0]);
    memset(many, 'm', sizeof many);
    for (int i = 0; i < 100; i++) write(s[1], many, sizeof many);
    read(s[1], many, 2);
    _exit(many[1]);
  }
  close(s[1]);
  long total = 0;
  for (;;) {
    char many[7777];
    long got = read(s[0], many, sizeof many);
    if (got <= 0) break;
    total += got;
    if (total == 1000000) write(s[0], "ab", 2);
  }
  wait(&status);
  printf("total %ld, status %c\n", total, WEXITSTATUS(status));
  fflush(stdout);
  return 0;
}
