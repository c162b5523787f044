// Computes for ever; says so first if told to, and ends by SIGUSR1's handler with `catch`.
#include <signal.h>
#include <unistd.h>

static void caught(int signal) { _exit(signal); }

int main(int argc, char **argv) {
  if (argc > 1) {
    if (argv[1][0] == 'c') signal(SIGUSR1, caught);
    // A wait lets the host take up signals.
    usleep(1000);
    write(1, "ready\n", 6);
  }
  for (volatile unsigned i = 0;; i++) {}
}
