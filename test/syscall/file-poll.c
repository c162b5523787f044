// poll, ppoll, select and pselect on regular files and on nothing.
// flags: -w
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#define SAY(call) do { errno = 0; long r = (long)(call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static struct stat st;
static char buf[65536];

static void put(const char *path, const char *text) {
  int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
  write(fd, text, strlen(text));
  close(fd);
}

int main(void) {
  put("f", "x");
  int ro = open("f", O_RDONLY);

  struct pollfd pf[3] = {{ro, POLLIN | POLLOUT, 0}, {99, POLLIN, 0}, {-1, POLLIN, 0}};
  SAY(poll(pf, 3, 0));
  printf("%x %x %x\n", pf[0].revents, pf[1].revents, pf[2].revents);
  SAY(poll(0, 0, 1));
  SAY(poll(pf+2, 1, 10));
  SAY(poll((void*)1, 1, 0));
  struct timespec t0 = {0, 1000000};
  SAY(ppoll(pf+2, 1, &t0, 0));
  t0.tv_nsec = -1;
  SAY(ppoll(pf, 1, &t0, 0));
  fd_set rs, ws;
  FD_ZERO(&rs);
  FD_ZERO(&ws);
  FD_SET(ro, &rs);
  FD_SET(ro, &ws);
  struct timeval z = {0, 0};
  SAY(select(ro+1, &rs, &ws, 0, &z));
  FD_ZERO(&rs);
  FD_SET(500, &rs);
  SAY(select(501, &rs, 0, 0, &z));
  SAY(select(-1, 0, 0, 0, &z));
  z.tv_usec = 1000;
  SAY(select(0, 0, 0, 0, &z));
  z.tv_sec = -1;
  SAY(select(0, 0, 0, 0, &z));
  sigset_t ss;
  sigemptyset(&ss);
  t0.tv_nsec = 1000;
  SAY(pselect(0, 0, 0, 0, &t0, &ss));
  return 0;
}
