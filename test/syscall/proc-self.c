// links and files of the own process.
#include "say.h"
int main(void) {
  char b[300] = "", c[300] = "";
  int n = readlink("/proc/self/cwd", b, 300);
  getcwd(c, 300);
  SAY(n == (int)strlen(c) && !strncmp(b, c, n));
  n = readlink("/proc/self", b, 300), b[n] = 0;
  SAY(atoi(b) == getpid());
  FILE *f = fopen("/proc/self/status", "r");
  int pid = 0, threads = 0;
  while (fgets(b, 300, f)) sscanf(b, "Pid: %d", &pid), sscanf(b, "Threads: %d", &threads);
  printf("%d %d\n", pid == getpid(), threads);
  f = fopen("/proc/self/stat", "r");
  char state;
  SAY(fscanf(f, "%d (%*[^)]) %c", &pid, &state));
  printf("%c\n", state);
  SAY(open("/proc/self/none", O_RDONLY));
  SAY(open("/proc/99999/stat", O_RDONLY));
}
