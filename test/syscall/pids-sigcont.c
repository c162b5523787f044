// On kill: SIGCONT may be sent within a session, others only by the owner.
#include "pids.h"
int main(void) {
  PIDS(kill(pid <= 0 ? 4000000 : pid, SIGCONT));
}
