// ETXTBSY: a program that runs is not written to, a file that is written to does not run.
#include "say.h"
int main(int argc, char **argv) {
  if (argc > 1) { pause(); return 0; }
  char b[65536];
  int from = open("/proc/self/exe", O_RDONLY), to = open("prog", O_WRONLY | O_CREAT, 0755);
  for (long n; (n = read(from, b, sizeof b)) > 0;) write(to, b, n);
  char *args[] = {"prog", "wait", 0};
  SAY(execv("prog", args));
  close(to);
  int p[2];
  pipe2(p, O_CLOEXEC);
  pid_t pid = fork();
  if (pid == 0) execv("./prog", args), _exit(1);
  close(p[1]);
  read(p[0], b, 1); // it runs
  SAY(open("prog", O_WRONLY));
  SAY(open("prog", O_RDWR | O_TRUNC));
  SAY(truncate("prog", 0));
  SAY(open("prog", O_RDONLY) > 0);
  kill(pid, SIGKILL);
  reap(pid);
  SAY(open("prog", O_WRONLY) > 0);
}
