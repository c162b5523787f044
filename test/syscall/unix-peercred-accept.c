// SO_PEERCRED of a connection between two processes: each sees the other.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./p"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&a, sizeof a);
  listen(s, 1);
  pid_t parent = getpid(), pid = fork();
  struct ucred peer;
  socklen_t n = sizeof peer;
  if (pid == 0) {
    int c = socket(AF_UNIX, SOCK_STREAM, 0);
    connect(c, (void *)&a, sizeof a);
    getsockopt(c, SOL_SOCKET, SO_PEERCRED, &peer, &n);
    char b;
    read(c, &b, 1);
    _exit(peer.pid == parent ? 3 : 4);
  }
  int t = accept(s, 0, 0);
  SAY(getsockopt(t, SOL_SOCKET, SO_PEERCRED, &peer, &n));
  SAY(peer.pid == pid);
  n = sizeof peer;
  getsockopt(s, SOL_SOCKET, SO_PEERCRED, &peer, &n);
  SAY(peer.pid == parent);
  write(t, "x", 1);
  reap(pid);
}
