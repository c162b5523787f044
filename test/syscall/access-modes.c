// access as root and of what is missing.
#include "say.h"
int main(void) {
  close(file_with("f", "x")), chmod("f", 0), mkdir("d", 0);
  SAY(access("f", R_OK | W_OK));
  SAY(access("f", X_OK));
  SAY(access("d", X_OK));
  SAY(access("none", F_OK));
  SAY(access("f/x", F_OK));
  SAY(access("f", 9));
  chmod("f", 0100);
  SAY(access("f", X_OK));
  SAY(faccessat(AT_FDCWD, "f", R_OK, AT_EACCESS));
}
