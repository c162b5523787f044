// what execve refuses.
#include "say.h"
int main(void) {
  char *argv[] = {"x", 0};
  close(file_with("text", "no program")), mkdir("d", 0755), close(file_with("bad", "#!/no/such\n")), chmod("bad", 0755);
  SAY(execve("none", argv, 0));
  SAY(execve("text", argv, 0));
  chmod("text", 0755);
  SAY(execve("text", argv, 0));
  SAY(execve("d", argv, 0));
  SAY(execve("text/x", argv, 0));
  SAY(execve("bad", argv, 0));
  SAY(execve("", argv, 0));
  SAY(execve((char *)8, argv, 0));
  SAY(execve("/bin/true", (char **)8, 0));
}
