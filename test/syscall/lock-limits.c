// Locked memory beyond RLIMIT_MEMLOCK, ranges that wrap, and what a locked page refuses.
#include "say.h"
int main(void) {
  char *a = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct rlimit some = {65536, 65536}, none = {0, 0};
  SAY(syscall(SYS_mlock, a + 4096, -4096L));
  SAY(syscall(SYS_munlock, a + 4096, -4096L));
  int f = file_with("f", "text");
  char *file = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  SAY(mlock(file, 4096));
  SAY(msync(file, 4096, MS_SYNC | MS_INVALIDATE));
  SAY(munlock(file, 4096));
  SAY(msync(file, 4096, MS_SYNC | MS_INVALIDATE));
  SAY(setrlimit(RLIMIT_MEMLOCK, &some));
  SAY(setresuid(65534, 65534, 65534));
  SAY(mlock(a, 65536));
  SAY(mremap(a, 65536, 131072, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
  SAY(mmap(0, 131072, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) == MAP_FAILED ? -1 : 0);
  SAY(mlock(a + 65536, 4096));
  SAY(mlockall(MCL_CURRENT));
  SAY(munlock(a, 65536));
  SAY(setrlimit(RLIMIT_MEMLOCK, &none));
  SAY(syscall(SYS_mlock2, a, 4096L, 0));
}
