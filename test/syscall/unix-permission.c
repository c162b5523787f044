// A socket's file needs write permission to connect.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./w"};
  umask(0);
  int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(bind(s, (void *)&a, sizeof a));
  struct stat st;
  stat("./w", &st);
  printf("%o\n", st.st_mode);
  listen(s, 3);
  chmod("./w", 0600);
  chmod(".", 0755);
  if (getuid() == 0) setresuid(1000, 1000, 1000);
  else chmod("./w", 0400);
  SAY(connect(c, (void *)&a, sizeof a));
}
