// mq_open: names that cannot be.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_mq_open, path, O_RDONLY, 0, 0L));
}
