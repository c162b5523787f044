// execve: lists that are too long, pointers that are bad, what is no program.
#include "say.h"
static void attempt(const char *path, char **argv) { errno = 0, execve(path, argv, 0), printf("%s: %s\n", path, strerrorname_np(errno)); }
int main(void) {
  static char word[200000], *one[] = {"x", word, 0}, *few[] = {"x", 0}, *bad[] = {"x", (char *)8, 0};
  memset(word, 'a', sizeof word - 1);
  attempt("/bin/true", one);
  attempt("/bin/true", bad);
  attempt("/bin/true", (char **)8);
  attempt("/bin", few);
  attempt("/dev/null", few);
  int f = file_with("text", "no program\n");
  attempt("text", few);
  fchmod(f, 0755), close(f);
  attempt("./text", few);
  mkfifo("fifo", 0755);
  attempt("fifo", few);
  f = file_with("itself", "#!./itself\n");
  fchmod(f, 0755), close(f);
  attempt("./itself", few);
  f = file_with("empty", "");
  fchmod(f, 0755), close(f);
  attempt("./empty", few);
}
