// #! with one argument, nested, arguments in order.
#include "say.h"
int main(void) {
  close(file_with("s", "#!/bin/echo one two\n")), chmod("s", 0755);
  close(file_with("t", "#!./s\n")), chmod("t", 0755);
  pid_t pid = fork();
  if (pid == 0) { execl("./s", "name", "arg", (char *)0); _exit(1); }
  reap(pid);
  pid = fork();
  if (pid == 0) { execl("./t", "name", "arg", (char *)0); _exit(1); }
  reap(pid);
}
