// An epoll server with edges and eight clients in threads.
#include "inet.h"
static int port;
static void *client(void *arg) {
  struct sockaddr_in a = at4("127.0.0.1", port);
  int c = socket(AF_INET, SOCK_STREAM, 0);
  connect(c, (void *)&a, sizeof a);
  long sum = 0;
  for (int i = 0; i < 20; i++) {
    char b[100];
    int n = snprintf(b, 100, "%ld %d\n", (long)arg, i);
    write(c, b, n);
    char r[100] = "";
    int got = 0;
    while (got < n) {
      int k = read(c, r + got, 100 - got);
      if (k <= 0) break;
      got += k;
    }
    sum += !memcmp(b, r, n);
  }
  close(c);
  return (void *)sum;
}
int main(void) {
  int l = listener(&port), e = epoll_create1(0), open = 8;
  pthread_t t[8];
  struct epoll_event v = {EPOLLIN, {.fd = l}}, list[4];
  epoll_ctl(e, EPOLL_CTL_ADD, l, &v);
  for (long i = 0; i < 8; i++) pthread_create(t + i, 0, client, (void *)i);
  while (open > 0) {
    int n = epoll_wait(e, list, 4, -1);
    for (int i = 0; i < n; i++) {
      int fd = list[i].data.fd;
      if (fd == l) {
        int c = accept4(l, 0, 0, SOCK_NONBLOCK);
        v = (struct epoll_event){EPOLLIN | EPOLLET | EPOLLRDHUP, {.fd = c}};
        epoll_ctl(e, EPOLL_CTL_ADD, c, &v);
        continue;
      }
      char b[1000];
      int r;
      while ((r = read(fd, b, 1000)) > 0) write(fd, b, r);
      if (r == 0) close(fd), open--;
    }
  }
  long sum = 0;
  for (int i = 0; i < 8; i++) {
    void *r;
    pthread_join(t[i], &r);
    sum += (long)r;
  }
  printf("%ld\n", sum);
}
