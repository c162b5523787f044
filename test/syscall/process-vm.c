// Reading and writing the memory of a child.
#include "say.h"
int main(void) {
  static char there[100] = "in the child";
  int p[2];
  pipe(p);
  pid_t pid = fork();
  if (pid == 0) {
    strcpy(there, "changed by the child");
    write(p[1], "x", 1);
    while (there[0] != '!') sleep_ms(5);
    _exit(there[1]);
  }
  char b[100] = "", c;
  read(p[0], &c, 1);
  struct iovec local[2] = {{b, 7}, {b + 7, 90}}, remote = {there, 30}, bad = {(void *)8, 10};
  SAY(process_vm_readv(pid, local, 2, &remote, 1, 0));
  puts(b);
  puts(there);
  SAY(process_vm_readv(pid, local, 2, &bad, 1, 0));
  SAY(process_vm_readv(pid, &bad, 1, &remote, 1, 0));
  SAY(process_vm_readv(pid, local, 1, &remote, 1, 1));
  SAY(process_vm_readv(99999, local, 1, &remote, 1, 0));
  struct iovec out = {"!A", 2};
  SAY(process_vm_writev(pid, &out, 1, &remote, 1, 0));
  reap(pid);
}
