// renameat2: exchange of files and directories, no replacing.
#include "say.h"
static void show(const char *name) {
  char b[20] = "";
  int f = open(name, O_RDONLY);
  if (f < 0) { printf("%s: %s\n", name, strerrorname_np(errno)); return; }
  if (read(f, b, 19) < 0) strcpy(b, "(directory)");
  printf("%s: %s\n", name, b);
  close(f);
}
int main(void) {
  close(file_with("a", "was a")), close(file_with("b", "was b"));
  mkdir("d", 0755), close(file_with("d/x", "in d"));
  SAY(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE));
  show("a"), show("b");
  SAY(renameat2(AT_FDCWD, "a", AT_FDCWD, "d", RENAME_EXCHANGE));
  show("a"), show("a/x"), show("d");
  SAY(renameat2(AT_FDCWD, "a/x", AT_FDCWD, "b", RENAME_EXCHANGE));
  show("a/x"), show("b");
  SAY(renameat2(AT_FDCWD, "a", AT_FDCWD, "none", RENAME_EXCHANGE));
  SAY(renameat2(AT_FDCWD, "a", AT_FDCWD, "a/x", RENAME_EXCHANGE));
  SAY(renameat2(AT_FDCWD, "b", AT_FDCWD, "d", RENAME_NOREPLACE));
  SAY(renameat2(AT_FDCWD, "b", AT_FDCWD, "e", RENAME_NOREPLACE));
  SAY(renameat2(AT_FDCWD, "e", AT_FDCWD, "d", RENAME_NOREPLACE | RENAME_EXCHANGE));
  SAY(renameat2(AT_FDCWD, "e", AT_FDCWD, "d", 16));
}
