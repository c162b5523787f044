// openat2: RESOLVE_CACHED makes nothing.
#include "say.h"
#include <linux/openat2.h>
int main(void) {
  struct open_how how = {.flags = O_CREAT | O_RDWR, .mode = 0644, .resolve = RESOLVE_CACHED};
  SAY(syscall(SYS_openat2, AT_FDCWD, "new", &how, sizeof how));
  how.flags = O_RDONLY | O_TRUNC, how.mode = 0;
  SAY(syscall(SYS_openat2, AT_FDCWD, "new", &how, sizeof how));
  SAY(access("new", F_OK));
}
