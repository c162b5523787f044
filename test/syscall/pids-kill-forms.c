// On kill: groups that are and are not.
#include "pids.h"
int main(void) {
  PIDS(pid == -1 || pid == 0 ? -2 : kill(-pid, 0));
}
