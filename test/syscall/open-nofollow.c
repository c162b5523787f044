// O_NOFOLLOW refuses a link, O_PATH takes it.
#include "say.h"
int main(void) {
  symlink("f", "l"), close(file_with("f", "x"));
  SAY(open("l", O_RDONLY | O_NOFOLLOW));
  int p = open("l", O_PATH | O_NOFOLLOW);
  SAY(p > 0);
  char b[9] = "";
  SAY(readlinkat(p, "", b, 9));
  puts(b);
  SAY(read(p, b, 1));
  SAY(fcntl(p, F_GETFL) & O_PATH ? 1 : 0);
  SAY(fchmod(p, 0600));
  SAY(open("l/", O_RDONLY));
}
