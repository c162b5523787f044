// A server with poll and four clients in processes of their own: all bytes come back.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./echo"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&a, sizeof a), listen(s, 10);
  for (int k = 0; k < 4; k++)
    if (fork() == 0) {
      int c = socket(AF_UNIX, SOCK_STREAM, 0), total = 0;
      connect(c, (void *)&a, sizeof a);
      char m[3000], b[3000];
      for (int i = 0; i < 50; i++) {
        memset(m, 'a' + k, sizeof m);
        write(c, m, sizeof m);
        int n = recv(c, b, sizeof b, MSG_WAITALL);
        if (n == sizeof b && !memcmp(m, b, n)) total++;
      }
      _exit(total);
    }
  struct pollfd p[10] = {{s, POLLIN, 0}};
  int n = 1, done = 0;
  while (done < 4) {
    poll(p, n, -1);
    if (p[0].revents) p[n++] = (struct pollfd){accept(s, 0, 0), POLLIN, 0};
    for (int i = 1; i < n; i++)
      if (p[i].revents) {
        char b[5000];
        int r = read(p[i].fd, b, sizeof b);
        if (r > 0) write(p[i].fd, b, r);
        else { close(p[i].fd); p[i].fd = -1; done++; }
      }
  }
  int status, sum = 0;
  while (wait(&status) > 0) sum += WEXITSTATUS(status);
  printf("%d\n", sum);
}
