// memory and processes.
#include "say.h"
#include <sys/sysinfo.h>
int main(void) {
  struct sysinfo s;
  SAY(sysinfo(&s));
  printf("%d %d %d\n", s.totalram > 0, s.procs > 0, s.mem_unit > 0);
  SAY(get_nprocs() > 0);
  SAY(sysconf(_SC_PAGESIZE));
  SAY(sysconf(_SC_CLK_TCK));
}
