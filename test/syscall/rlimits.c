// get and set, soft and hard, unknown ones.
#include "say.h"
int main(void) {
  struct rlimit r;
  SAY(getrlimit(RLIMIT_NOFILE, &r));
  r.rlim_cur = 100;
  SAY(setrlimit(RLIMIT_NOFILE, &r));
  SAY(getrlimit(RLIMIT_NOFILE, &r));
  SAY(r.rlim_cur);
  r.rlim_cur = r.rlim_max + 1;
  if (r.rlim_max != RLIM_INFINITY) SAY(setrlimit(RLIMIT_NOFILE, &r));
  SAY(getrlimit(99, &r));
  r = (struct rlimit){50, 40};
  SAY(setrlimit(RLIMIT_CORE, &r));
  SAY(prlimit(0, RLIMIT_CORE, 0, &r));
  SAY(prlimit(99999, RLIMIT_CORE, 0, &r));
}
