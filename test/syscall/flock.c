// shared and exclusive, by open file, between processes.
#include "say.h"
#include <sys/file.h>
int main(void) {
  int f = file_with("f", "x"), g = open("f", O_RDWR);
  SAY(flock(f, LOCK_SH));
  SAY(flock(g, LOCK_SH | LOCK_NB));
  SAY(flock(g, LOCK_EX | LOCK_NB));
  SAY(flock(f, LOCK_UN));
  SAY(flock(g, LOCK_EX | LOCK_NB));
  SAY(flock(f, LOCK_SH | LOCK_NB));
  pid_t pid = fork();
  if (pid == 0) { int h = open("f", O_RDWR); _exit(flock(h, LOCK_EX | LOCK_NB) < 0 ? errno == EWOULDBLOCK : 9); }
  reap(pid);
  close(g);
  SAY(flock(f, LOCK_EX | LOCK_NB));
  SAY(flock(f, 0));
}
