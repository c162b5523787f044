// A stream socket with a path: bind, listen, connect, accept, names on both sides, the path stays after close.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./listener"}, b;
  socklen_t n = sizeof b;
  char buffer[20] = "";
  int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(connect(c, (void *)&a, sizeof a));
  SAY(listen(s, 5));
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(connect(c, (void *)&a, sizeof a));
  SAY(listen(s, 5));
  SAY(ready(s));
  SAY(connect(c, (void *)&a, sizeof a));
  SAY(connect(c, (void *)&a, sizeof a));
  SAY(ready(s));
  int t = accept(s, (void *)&b, &n);
  printf("accepted %d, name of %d bytes\n", t > 0, n);
  n = sizeof b;
  SAY(getsockname(t, (void *)&b, &n));
  printf("%d %s\n", n, b.sun_path);
  n = sizeof b;
  SAY(getpeername(c, (void *)&b, &n));
  printf("%d %s\n", n, b.sun_path);
  SAY(write(c, "hello", 5));
  SAY(read(t, buffer, 20));
  puts(buffer);
  close(s);
  struct stat st;
  SAY(stat("./listener", &st));
  SAY(S_ISSOCK(st.st_mode));
  SAY(open("./listener", O_RDWR));
  int d = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(connect(d, (void *)&a, sizeof a));
  SAY(bind(d, (void *)&a, sizeof a));
  SAY(unlink("./listener"));
  SAY(bind(d, (void *)&a, sizeof a));
}
