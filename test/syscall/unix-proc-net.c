// /proc/net/unix lists a bound socket.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "\0elfin-proc"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&a, 2 + 11), listen(s, 1);
  FILE *f = fopen("/proc/net/unix", "r");
  char line[300], flags[20], type[10], state[10], path[100];
  while (fgets(line, sizeof line, f))
    if (strstr(line, "@elfin-proc")) {
      sscanf(line, "%*s %*s %*s %19s %9s %9s %*s %99s", flags, type, state, path);
      printf("%s %s %s %s\n", flags, type, state, path);
    }
  char link[50], name[50];
  snprintf(name, sizeof name, "/proc/self/fd/%d", s);
  int n = readlink(name, link, 50);
  printf("%.8s\n", n > 0 ? link : "?");
  SAY(open(name, O_RDWR));
}
