// Calls that a signal interrupts, with and without SA_RESTART.
#pragma once
#include "say.h"
static volatile int interrupts;
static void on_interrupt(int s) { (void)s, interrupts++; }
/** Waits until a process sleeps or has ended. */
static void settle(pid_t pid) {
  for (int i = 0; i < 1000; i++) {
    char name[40], text[400] = "";
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    int fd = open(name, O_RDONLY);
    if (fd >= 0) read(fd, text, sizeof text - 1), close(fd);
    char *state = strrchr(text, ')');
    if (!state || state[2] == 'S' || state[2] == 'Z') break;
    sleep_ms(1);
  }
}
/** A child runs the call; it is ready to be woken when it sleeps, and a second signal ends what was restarted. */
#define INTERRUPTED(call) \
  for (int restarts = 0; restarts < 2; restarts++) { \
    fflush(stdout); \
    pid_t sleeper = fork(); \
    if (sleeper == 0) { \
      struct sigaction first = {.sa_handler = on_interrupt, .sa_flags = restarts ? SA_RESTART : 0}, second = {.sa_handler = on_interrupt}; \
      sigaction(SIGUSR1, &first, 0), sigaction(SIGUSR2, &second, 0); \
      errno = 0; \
      long interrupted_result = (long)(call); \
      int interrupted_errno = errno; \
      printf("%s%s = %ld %s after %d\n", restarts ? "restarting: " : "", #call, interrupted_result, \
        interrupted_result == -1 && interrupted_errno ? strerrorname_np(interrupted_errno) : "", interrupts); \
      fflush(stdout); \
      _exit(0); \
    } \
    sleep_ms(3), settle(sleeper), kill(sleeper, SIGUSR1); \
    sleep_ms(3), settle(sleeper), kill(sleeper, SIGUSR2); \
    sleep_ms(3), settle(sleeper), kill(sleeper, SIGKILL); \
    waitpid(sleeper, 0, 0); \
  }
