// descriptors are shared with a child, positions too.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789");
  char b[5] = "";
  pid_t pid = fork();
  if (pid == 0) { read(f, b, 4); close(f); _exit(b[3]); }
  reap(pid);
  SAY(read(f, b, 2));
  puts(b);
}
