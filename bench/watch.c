// `watch COMMAND ARG...` runs a command and writes its wall time in nanoseconds and its largest resident set in KiB to descriptor 3.
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

int main(int argc, char **argv) {
  struct rusage usage;
  int status;
  long start = now();
  pid_t pid = vfork();
  if (pid == 0) {
    fcntl(3, F_SETFD, FD_CLOEXEC);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) return 126;
  dprintf(3, "%ld %ld\n", now() - start, usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
