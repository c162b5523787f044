// prctl: options that the arguments or the caller's rights refuse.
#include "say.h"
#include <sys/prctl.h>
int main(void) {
  SAY(prctl(PR_SET_SPECULATION_CTRL, 99L, 0L, 0L, 0L));
  SAY(prctl(PR_SET_SPECULATION_CTRL, 1L, 77L, 0L, 0L));
  SAY(prctl(PR_GET_SPECULATION_CTRL, 99L, 0L, 0L, 0L));
  SAY(setresuid(65534, 65534, 65534));
  SAY(prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, 99L, 0L, 0L));
  SAY(prctl(PR_CAPBSET_DROP, 5L, 0L, 0L, 0L));
  SAY(prctl(PR_SET_SECUREBITS, 1L, 0L, 0L, 0L));
}
