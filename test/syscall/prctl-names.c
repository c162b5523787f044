// names of threads, bad options.
#include "say.h"
#include <sys/prctl.h>
int main(void) {
  char name[17] = "";
  SAY(prctl(PR_SET_NAME, "a name that is too long"));
  SAY(prctl(PR_GET_NAME, name));
  puts(name);
  FILE *f = fopen("/proc/self/comm", "r");
  fgets(name, 17, f);
  printf("%s", name);
  SAY(prctl(PR_GET_DUMPABLE));
  SAY(prctl(PR_SET_DUMPABLE, 5));
  SAY(prctl(PR_SET_PDEATHSIG, 99));
  SAY(prctl(99999));
}
