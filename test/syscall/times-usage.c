// CPU times grow with computing.
#include "say.h"
#include <sys/times.h>
int main(void) {
  struct tms a, b;
  times(&a);
  for (volatile long i = 0; i < 30000000; i++) ;
  times(&b);
  struct rusage r;
  SAY(getrusage(RUSAGE_SELF, &r));
  SAY(r.ru_utime.tv_sec * 1000000 + r.ru_utime.tv_usec + r.ru_stime.tv_sec * 1000000 + r.ru_stime.tv_usec > 0);
  SAY(getrusage(RUSAGE_CHILDREN, &r));
  SAY(getrusage(99, &r));
  SAY(b.tms_utime + b.tms_stime >= a.tms_utime + a.tms_stime);
}
