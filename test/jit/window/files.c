// Private mappings of files are read as a whole, however they came to be.
#include "window.h"

int main(int argc, char **argv) {
  warm_up(argc, argv);
  int f = pages_file(64);
  unsigned char *p = mapped(mmap(0, 64 * PAGE, R, MAP_PRIVATE, f, 0));
  SAY_SUM(p, 64 * PAGE);
  SAY_SUM(p + 17 * PAGE + 100, 300);

  // not readable at first
  unsigned char *hidden = mapped(mmap(0, 40 * PAGE, PROT_NONE, MAP_PRIVATE, f, 8 * PAGE));
  MUST(mprotect(hidden + 5 * PAGE, 30 * PAGE, R) == 0);
  SAY_SUM(hidden + 5 * PAGE, 30 * PAGE);

  // dropped after it was changed
  unsigned char *own = mapped(mmap(0, 20 * PAGE, RW, MAP_PRIVATE, f, 0));
  memset(own, 1, 20 * PAGE);
  SAY_SUM(own, 20 * PAGE);
  MUST(madvise(own + PAGE, 18 * PAGE, MADV_DONTNEED) == 0);
  SAY_SUM(own, 20 * PAGE);

  // grown where it is, and moved
  unsigned char *place = mapped(mmap(0, 64 * PAGE, PROT_NONE, ANON, -1, 0));
  munmap(place, 64 * PAGE);
  unsigned char *small = mapped(mmap(place, 2 * PAGE, R, MAP_PRIVATE | MAP_FIXED, f, 0));
  MUST(mremap(small, 2 * PAGE, 30 * PAGE, 0) == small);
  SAY_SUM(small, 30 * PAGE);
  unsigned char *other = mapped(mmap(0, 64 * PAGE, PROT_NONE, ANON, -1, 0));
  unsigned char *moved = mapped(mremap(small, 30 * PAGE, 50 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, other));
  SAY_SUM(moved, 50 * PAGE);
  own[3 * PAGE] = 9;
  unsigned char *left = mapped(mremap(own, 20 * PAGE, 20 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0));
  SAY_SUM(left, 20 * PAGE);
  SAY_SUM(own, 20 * PAGE);

  // as a dynamic linker maps segments: all of them, more than there is, and then each over it
  unsigned char *image = mapped(mmap(0, 100 * PAGE, R, MAP_PRIVATE, f, 0));
  mapped(mmap(image + 10 * PAGE, 20 * PAGE, R | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, f, 10 * PAGE));
  mapped(mmap(image + 30 * PAGE, 20 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, f, 29 * PAGE));
  mapped(mmap(image + 50 * PAGE, 50 * PAGE, RW, ANON | MAP_FIXED, -1, 0));
  SAY_SUM(image, 100 * PAGE);

  // a child has not been given what its parent had not written
  fflush(stdout);
  if (fork() == 0) {
    SAY_SUM(p, 64 * PAGE);
    SAY_SUM(image, 100 * PAGE);
    SAY_SUM(main, 100);
    fflush(stdout);
    _exit(0);
  }
  wait(0);

  // anonymous memory that nobody has touched
  unsigned char *zeros = mapped(mmap(0, 1000 * PAGE, RW, ANON, -1, 0));
  SAY_SUM(zeros, 1000 * PAGE);
  zeros[500 * PAGE] = 1;
  SAY_SUM(zeros, 1000 * PAGE);
  munmap(zeros, 1000 * PAGE);
  SAY_SUM(mapped(mmap(zeros, 1000 * PAGE, RW, ANON | MAP_FIXED, -1, 0)), 1000 * PAGE);
  SAY_SUM(sbrk(300 * PAGE), 300 * PAGE);
}
