// splice, tee, vmsplice: between pipes and files, positions, ends, refusals.
#include "say.h"
int main(void) {
  int p[2], q[2], f = file_with("in", "0123456789"), g = open("out", O_RDWR | O_CREAT, 0644);
  char b[20] = "";
  off64_t at = 2;
  pipe(p), pipe(q);
  SAY(splice(f, &at, p[1], 0, 4, 0));
  SAY(at);
  SAY(lseek(f, 0, SEEK_CUR));
  SAY(splice(f, 0, p[1], 0, 3, 0));
  SAY(lseek(f, 0, SEEK_CUR));
  SAY(tee(p[0], q[1], 100, 0));
  SAY(read(q[0], b, 20));
  puts(b);
  at = 5;
  SAY(splice(p[0], 0, g, &at, 5, 0));
  SAY(splice(p[0], 0, g, 0, 100, 0));
  memset(b, 0, 20);
  SAY(pread(g, b, 20, 0));
  printf("%s|%s\n", b, b + 5);
  SAY(splice(p[0], 0, g, 0, 5, SPLICE_F_NONBLOCK));
  struct iovec v[2] = {{"vm", 2}, {"splice", 6}};
  SAY(vmsplice(q[1], v, 2, 0));
  SAY(splice(q[0], 0, p[1], 0, 100, 0));
  SAY(read(p[0], b, 20));
  close(q[1]);
  SAY(splice(q[0], 0, p[1], 0, 5, 0));
  SAY(tee(q[0], p[1], 5, 0));
  SAY(splice(f, 0, g, 0, 5, 0));
  SAY(splice(p[0], &at, g, 0, 5, 0));
  SAY(splice(p[0], 0, p[1], 0, 5, 0));
  SAY(splice(f, 0, p[1], 0, 0, 0));
  SAY(splice(f, 0, 99, 0, 5, 0));
  SAY(splice(p[1], 0, g, 0, 5, 0));
  SAY(tee(f, p[1], 5, 0));
  SAY(vmsplice(f, v, 1, 0));
  lseek(f, 0, SEEK_END);
  SAY(splice(f, 0, p[1], 0, 5, 0));
}
