// Descriptors in messages: they arrive as new numbers of the same open file.
#include "say.h"
static int give(int s, int *fds, int n, const char *text) {
  char control[CMSG_SPACE(4 * sizeof(int))] = {0};
  struct iovec v = {(void *)text, strlen(text)};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(n * sizeof(int))};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(n * sizeof(int));
  memcpy(CMSG_DATA(c), fds, n * sizeof(int));
  return sendmsg(s, &m, 0);
}
static int take(int s, int *fds, int room, int flags) {
  char control[CMSG_SPACE(4 * sizeof(int))] = {0}, text[50] = "";
  struct iovec v = {text, 49};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room};
  int r = recvmsg(s, &m, flags);
  int n = 0;
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  if (c) n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int), memcpy(fds, CMSG_DATA(c), n * sizeof(int));
  printf("%d '%s' %d descriptors, control %zu, flags %x\n", r, text, n, (size_t)m.msg_controllen, m.msg_flags);
  return n;
}
int main(void) {
  int s[2], p[2], got[4], f = file_with("data", "content of the file");
  char b[30] = "";
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  pipe(p);
  SAY(write(s[0], "before ", 7));
  int both[2] = {f, p[1]};
  SAY(give(s[0], both, 2, "with"));
  SAY(write(s[0], " after", 6));
  take(s[1], got, CMSG_SPACE(8), 0);
  take(s[1], got + 2, CMSG_SPACE(8), 0);
  SAY(read(got[0], b, 7));
  SAY(read(f, b, 30));
  puts(b);
  SAY(write(got[1], "through", 7));
  memset(b, 0, sizeof b);
  SAY(read(p[0], b, 30));
  puts(b);
  close(p[1]);
  SAY(ready(p[0]));
  close(got[1]);
  SAY(ready(p[0]));
  SAY(give(s[0], both, 1, "one"));
  SAY(take(s[1], got, CMSG_SPACE(4), MSG_CMSG_CLOEXEC));
  SAY(fcntl(got[0], F_GETFD));
  SAY(give(s[0], (int[]){f, f, f}, 3, "three"));
  SAY(take(s[1], got, CMSG_LEN(8), 0));
  SAY(give(s[0], (int[]){f}, 1, "none"));
  SAY(take(s[1], got, 0, 0));
  SAY(give(s[0], (int[]){99}, 1, "bad"));
  SAY(give(s[0], (int[]){f}, 1, "lost"));
  SAY(read(s[1], b, 30));
  fcntl(s[1], F_SETFL, O_NONBLOCK);
  SAY(take(s[1], got, 8, 0));
}
