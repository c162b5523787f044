// yield, policies, affinity, priorities.
#include "say.h"
int main(void) {
  struct sched_param p = {0};
  cpu_set_t s;
  SAY(sched_yield());
  SAY(sched_getscheduler(0));
  SAY(sched_getparam(0, &p));
  SAY(p.sched_priority);
  SAY(sched_get_priority_max(SCHED_FIFO));
  SAY(sched_get_priority_min(SCHED_RR));
  SAY(sched_get_priority_max(99));
  SAY(sched_getaffinity(0, sizeof s, &s));
  SAY(CPU_COUNT(&s) > 0);
  SAY(sched_getaffinity(99999, sizeof s, &s));
  SAY(sched_getscheduler(-1));
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(setpriority(PRIO_PROCESS, 0, 5));
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(setpriority(PRIO_PROCESS, 0, 100));
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(getpriority(9, 0));
  SAY(setpriority(PRIO_PROCESS, 99999, 0));
}
