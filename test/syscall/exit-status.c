// status words of exits and signals.
#include "say.h"
int main(void) {
  int codes[] = {0, 1, 255, 256, -1};
  for (int i = 0; i < 5; i++) { pid_t pid = fork(); if (pid == 0) _exit(codes[i]); reap(pid); }
  int signals[] = {SIGTERM, SIGKILL, SIGABRT, SIGSEGV, SIGRTMIN};
  for (int i = 0; i < 5; i++) {
    pid_t pid = fork();
    if (pid == 0) { struct rlimit r = {0, 0}; setrlimit(RLIMIT_CORE, &r); kill(getpid(), signals[i]); pause(); }
    reap(pid);
  }
}
