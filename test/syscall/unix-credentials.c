// SO_PASSCRED: who sent it; SCM_CREDENTIALS that are a lie; SO_PEERCRED of both sides.
#include "say.h"
static struct ucred seen;
static int take(int s) {
  char control[100], text[10];
  struct iovec v = {text, 10};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  int r = recvmsg(s, &m, 0);
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  memset(&seen, 0, sizeof seen);
  if (c && c->cmsg_type == SCM_CREDENTIALS) memcpy(&seen, CMSG_DATA(c), sizeof seen);
  printf("%d bytes, control %zu, mine %d\n", r, (size_t)m.msg_controllen, seen.pid == getpid());
  return r;
}
int main(void) {
  int s[2], on = 1;
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  SAY(write(s[0], "a", 1));
  SAY(take(s[1]));
  SAY(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
  SAY(write(s[0], "b", 1));
  SAY(take(s[1]));
  SAY(seen.uid == getuid());
  SAY(seen.gid == getgid());
  pid_t pid = fork();
  if (pid == 0) { write(s[0], "child", 5); _exit(0); }
  waitpid(pid, 0, 0);
  SAY(write(s[0], "me", 2));
  SAY(take(s[1]));
  SAY(seen.pid == pid);
  SAY(take(s[1]));
  union { char b[CMSG_SPACE(sizeof(struct ucred))]; struct cmsghdr h; } u = {0};
  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = u.b, .msg_controllen = sizeof u.b};
  u.h.cmsg_level = SOL_SOCKET, u.h.cmsg_type = SCM_CREDENTIALS, u.h.cmsg_len = CMSG_LEN(sizeof(struct ucred));
  struct ucred own = {getpid(), getuid(), getgid()};
  memcpy(CMSG_DATA(&u.h), &own, sizeof own);
  SAY(sendmsg(s[0], &m, 0));
  SAY(take(s[1]));
  u.h.cmsg_len = CMSG_LEN(4);
  SAY(sendmsg(s[0], &m, 0));
  struct ucred peer;
  socklen_t n = sizeof peer;
  SAY(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &peer, &n));
  SAY(peer.pid == getpid());
}
