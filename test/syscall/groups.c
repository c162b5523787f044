// supplementary groups as root.
#include "say.h"
#include <grp.h>
int main(void) {
  gid_t g[5] = {4, 5, 6}, h[5];
  SAY(setgroups(3, g));
  SAY(getgroups(5, h));
  printf("%d %d %d\n", h[0], h[1], h[2]);
  SAY(getgroups(2, h));
  SAY(getgroups(-1, h));
  SAY(setgroups(0, 0));
  SAY(getgroups(0, 0));
}
