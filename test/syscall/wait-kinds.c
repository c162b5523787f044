// any child, groups, options, nobody.
#include "say.h"
int main(void) {
  int s;
  SAY(wait(&s));
  pid_t a = fork();
  if (a == 0) _exit(300);
  pid_t b = fork();
  if (b == 0) { setpgid(0, 0); _exit(2); }
  SAY(waitpid(b, &s, 0) == b);
  SAY(WEXITSTATUS(s));
  SAY(waitpid(-1, &s, 0) == a);
  SAY(WEXITSTATUS(s));
  SAY(waitpid(a, &s, 0));
  SAY(waitpid(-1, &s, WNOHANG));
  SAY(waitpid(-1, &s, 0x100));
  SAY(waitpid(-99999, &s, 0));
  a = fork();
  if (a == 0) { for (;;) pause(); }
  SAY(waitpid(a, &s, WNOHANG));
  kill(a, SIGSTOP);
  SAY(waitpid(a, &s, WUNTRACED) == a);
  SAY(WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP);
  kill(a, SIGCONT);
  SAY(waitpid(a, &s, WCONTINUED) == a);
  SAY(WIFCONTINUED(s));
  kill(a, SIGKILL);
  siginfo_t i;
  SAY(waitid(P_PID, a, &i, WEXITED | WNOWAIT));
  SAY(waitid(P_PID, a, &i, WEXITED));
  printf("%d %d\n", i.si_code, i.si_status);
  SAY(waitid(P_ALL, 0, &i, 0));
}
