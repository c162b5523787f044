// membarrier: commands that need a registration, flags, what does not exist.
#include "say.h"
int main(void) {
  SAY((syscall(SYS_membarrier, 0, 0, 0) & 0x18) == 0x18);
  SAY(syscall(SYS_membarrier, 8, 0, 0));
  SAY(syscall(SYS_membarrier, 16, 0, 0));
  SAY(syscall(SYS_membarrier, 8, 0, 0));
  SAY(syscall(SYS_membarrier, 1, 0, 0));
  SAY(syscall(SYS_membarrier, 8, 1, 0));
  SAY(syscall(SYS_membarrier, 1 << 20, 0, 0));
  SAY(syscall(SYS_membarrier, 3, 0, 0));
}
