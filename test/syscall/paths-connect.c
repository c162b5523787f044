// connect of an AF_UNIX socket: paths that cannot be walked.
#include "paths.h"
static long call(const char *path, int connecting) {
  if (path == (char *)8 || strlen(path) > 100) return 0;
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  strcpy(a.sun_path, path);
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  long r = connecting ? syscall(SYS_connect, s, &a, sizeof a) : syscall(SYS_bind, s, &a, sizeof a);
  close(s);
  return r;
}
int main(void) {
  PATHS(call(path, 1));
}
