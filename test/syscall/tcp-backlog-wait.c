// More callers than the queue holds: each is served once others were accepted.
#include "inet.h"
int main(void) {
  struct sockaddr_in a = at4("127.0.0.1", 0);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  bind(s, (void *)&a, sizeof a);
  listen(s, 1);
  a.sin_port = htons(port_of(s));
  for (int i = 0; i < 4; i++)
    if (fork() == 0) {
      int c = socket(AF_INET, SOCK_STREAM, 0);
      char b = 0;
      if (connect(c, (void *)&a, sizeof a) == 0) read(c, &b, 1);
      _exit(b);
    }
  sleep_ms(20);
  int sum = 0, status;
  for (int i = 1; i <= 4; i++) {
    int c = accept(s, 0, 0);
    char b = i;
    write(c, &b, 1);
    close(c);
  }
  while (wait(&status) > 0) sum += WEXITSTATUS(status);
  printf("%d\n", sum);
}
