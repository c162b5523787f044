// of the working directory and of /proc.
#include "say.h"
#include <sys/vfs.h>
int main(void) {
  struct statfs s;
  SAY(statfs("/proc", &s));
  printf("%lx\n", (long)s.f_type);
  SAY(statfs("none", &s));
  SAY(fstatfs(99, &s));
  SAY(statfs(".", &s));
  SAY(s.f_bsize > 0);
}
