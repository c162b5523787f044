// opening waits for the other side; without waiting a writer gets ENXIO.
#include "say.h"
int main(void) {
  mkfifo("p", 0600);
  SAY(open("p", O_WRONLY | O_NONBLOCK));
  int r = open("p", O_RDONLY | O_NONBLOCK);
  SAY(r > 0);
  char b[5];
  SAY(read(r, b, 5));
  int w = open("p", O_WRONLY);
  SAY(write(w, "abc", 3));
  SAY(read(r, b, 5));
  SAY(read(r, b, 5));
  close(w);
  SAY(read(r, b, 5));
  close(r);
  pid_t pid = fork();
  if (pid == 0) { sleep_ms(10); int x = open("p", O_WRONLY); write(x, "hi", 2); _exit(0); }
  r = open("p", O_RDONLY);
  SAY(read(r, b, 5));
  reap(pid);
}
