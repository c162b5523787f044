// a handler on another stack; sizes and flags.
#include "say.h"
static char stack[65536];
static volatile int on_it;
static void on(int s) { char here; on_it = &here > stack && &here < stack + sizeof stack; stack_t q; sigaltstack(0, &q); on_it += 2 * (q.ss_flags == SS_ONSTACK); stack_t z = {stack, 0, sizeof stack}; on_it += 4 * (sigaltstack(&z, 0) == -1 && errno == EPERM); (void)s; }
int main(void) {
  stack_t s = {.ss_sp = stack, .ss_size = sizeof stack}, o;
  SAY(sigaltstack(0, &o));
  SAY(o.ss_flags == SS_DISABLE);
  SAY(sigaltstack(&s, 0));
  struct sigaction a = {.sa_handler = on, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &a, 0);
  raise(SIGUSR1);
  SAY(on_it);
  s.ss_size = 100;
  SAY(sigaltstack(&s, 0));
  s.ss_flags = 99;
  SAY(sigaltstack(&s, 0));
  s = (stack_t){.ss_flags = SS_DISABLE};
  SAY(sigaltstack(&s, 0));
}
