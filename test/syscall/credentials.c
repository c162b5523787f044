// real, effective and saved ids.
#include "say.h"
int main(void) {
  uid_t a, b, c;
  SAY(setresuid(1000, 0, 2000));
  SAY(getresuid(&a, &b, &c));
  printf("%d %d %d\n", a, b, c);
  SAY(seteuid(1000));
  SAY(setuid(5));
  SAY(setreuid(-1, 2000));
  SAY(geteuid());
  SAY(setresuid(-1, -1, -1));
  SAY(setgid(7));
  gid_t g[3] = {1, 2, 3};
  SAY(setgroups(3, g));
  SAY(getgroups(0, 0) >= 0);
}
