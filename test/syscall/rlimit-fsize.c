// RLIMIT_FSIZE: short writes up to it, then SIGXFSZ and EFBIG.
// alone: its output is no file
#include "say.h"
static volatile int got;
static void on(int s) { got = s; }
int main(void) {
  signal(SIGXFSZ, on);
  struct rlimit r = {10, 10};
  int f = file_with("f", "");
  SAY(setrlimit(RLIMIT_FSIZE, &r));
  SAY(write(f, "12345", 5));
  SAY(write(f, "1234567890", 10));
  SAY(got);
  SAY(write(f, "x", 1));
  SAY(got == SIGXFSZ);
  got = 0;
  SAY(pwrite(f, "x", 1, 9));
  SAY(ftruncate(f, 11));
  SAY(got == SIGXFSZ);
  SAY(truncate("f", 10));
  int p[2];
  pipe(p);
  SAY(write(p[1], "more than ten bytes", 19));
  struct stat s;
  fstat(f, &s);
  SAY(s.st_size);
  signal(SIGXFSZ, SIG_DFL);
  pid_t pid = fork();
  if (pid == 0) { lseek(f, 20, SEEK_SET); write(f, "x", 1); _exit(1); }
  reap(pid);
}
