// names of the machine.
#include "say.h"
#include <sys/utsname.h>
int main(void) {
  struct utsname u;
  SAY(uname(&u));
  printf("%s %s\n", u.sysname, u.machine);
  int major = 0, minor = 0;
  SAY(sscanf(u.release, "%d.%d", &major, &minor));
  SAY(major >= 4);
  char b[2];
  SAY(gethostname(b, 0));
  SAY(sethostname("x", -1));
}
