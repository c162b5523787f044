// a read goes on after a handler with SA_RESTART, and ends with EINTR without.
#include "say.h"
static void on(int s) { (void)s; }
int main(void) {
  int p[2];
  char b;
  pipe(p);
  struct sigaction a = {.sa_handler = on};
  sigaction(SIGALRM, &a, 0);
  struct itimerval t = {{0, 0}, {0, 20000}};
  setitimer(ITIMER_REAL, &t, 0);
  SAY(read(p[0], &b, 1));
  a.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &a, 0);
  pid_t pid = fork();
  if (pid == 0) { sleep_ms(60); write(p[1], "x", 1); _exit(0); }
  setitimer(ITIMER_REAL, &t, 0);
  SAY(read(p[0], &b, 1));
  reap(pid);
  setitimer(ITIMER_REAL, &t, 0);
  SAY(poll(0, 0, 1000));
  setitimer(ITIMER_REAL, &t, 0);
  SAY(pause());
}
