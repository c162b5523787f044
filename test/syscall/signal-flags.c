// SA_RESETHAND, SA_NODEFER, nested handlers.
#include "say.h"
static volatile int depth, most;
static void on(int s) { if (++depth > most) most = depth; if (depth < 3) raise(s); depth--; }
int main(void) {
  struct sigaction a = {.sa_handler = on, .sa_flags = SA_NODEFER};
  sigaction(SIGUSR1, &a, 0);
  raise(SIGUSR1);
  SAY(most);
  most = 0, a.sa_flags = SA_RESETHAND;
  a.sa_handler = SIG_IGN;
  sigaction(SIGUSR2, &a, 0);
  a.sa_handler = on;
  pid_t pid = fork();
  if (pid == 0) { depth = 5; sigaction(SIGUSR1, &a, 0); raise(SIGUSR1); raise(SIGUSR1); _exit(0); }
  reap(pid);
  SAY(sigaction(SIGKILL, &a, 0));
  SAY(sigaction(65, &a, 0));
  SAY(sigaction(SIGUSR1, 0, &a));
  SAY(a.sa_flags & SA_NODEFER ? 1 : 0);
}
