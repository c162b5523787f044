// Processes of every kind, and none, for calls that name one.
#pragma once
#include "say.h"
static pid_t pid_child, pid_zombie, pid_others;
static pid_t pid_of(int kind) {
  switch (kind) {
    case 0: return 0;
    case 1: return getpid();
    case 2: return pid_child;
    case 3: return pid_zombie;
    case 4: return 4000000;
    case 5: return -1;
    default: return pid_others;
  }
}
static const char *const pid_names[] = {"0", "self", "child", "zombie", "nobody", "-1", "somebody else's"};
static pid_t pid_start(int how) {
  int p[2];
  pipe(p);
  pid_t pid = fork();
  if (pid == 0) {
    if (how == 1) _exit(0);
    if (how == 2) setresgid(1234, 1234, 1234), setresuid(1234, 1234, 1234);
    close(p[0]), close(p[1]);
    for (;;) pause();
  }
  close(p[1]);
  char byte;
  read(p[0], &byte, 1);
  close(p[0]);
  if (how == 1) waitid(P_PID, pid, &(siginfo_t){0}, WEXITED | WNOWAIT);
  return pid;
}
/** The call with `pid` of each kind: as root, then as somebody else. */
#define PIDS(call) \
  do { \
    pid_child = pid_start(0), pid_zombie = pid_start(1), pid_others = pid_start(2); \
    fflush(stdout); \
    for (int other = 0; other < 2; other++) { \
      pid_t runner = other ? fork() : 0; \
      if (runner == 0) { \
        if (other) setresgid(65534, 65534, 65534), setresuid(65534, 65534, 65534); \
        for (int kind = 0; kind < 7; kind++) { \
          pid_t pid = pid_of(kind); \
          (void)pid; \
          errno = 0; \
          long pid_result = (long)(call); \
          printf("%s%s, %s: %ld %s\n", other ? "nobody: " : "", #call, pid_names[kind], pid_result, \
            pid_result == -1 && errno ? strerrorname_np(errno) : ""); \
        } \
        fflush(stdout); \
        if (other) _exit(0); \
      } else waitpid(runner, 0, 0); \
    } \
    kill(pid_child, SIGKILL), kill(pid_others, SIGKILL); \
    waitpid(pid_child, 0, 0), waitpid(pid_zombie, 0, 0), waitpid(pid_others, 0, 0); \
  } while (0)
