// three sets, bad descriptors, time left.
#include "say.h"
#include <sys/select.h>
int main(void) {
  int p[2];
  pipe(p), write(p[1], "x", 1);
  fd_set r, w;
  FD_ZERO(&r);
  FD_ZERO(&w);
  FD_SET(p[0], &r);
  FD_SET(p[1], &w);
  SAY(select(p[1] + 1, &r, &w, 0, 0));
  printf("%d %d\n", FD_ISSET(p[0], &r) != 0, FD_ISSET(p[1], &w) != 0);
  FD_ZERO(&r);
  FD_SET(50, &r);
  SAY(select(51, &r, 0, 0, 0));
  struct timeval t = {0, 10000};
  SAY(select(0, 0, 0, 0, &t));
  printf("%ld %ld\n", (long)t.tv_sec, (long)t.tv_usec);
  SAY(select(-1, 0, 0, 0, 0));
  t.tv_usec = -1;
  SAY(select(0, 0, 0, 0, &t));
}
