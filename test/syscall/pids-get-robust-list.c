// get_robust_list: processes of every kind, and none.
#include "pids.h"
int main(void) {
  void *head;
  size_t size;
  PIDS(syscall(SYS_get_robust_list, pid, &head, &size));
}
