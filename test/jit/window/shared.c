// What others write to shared memory is read, wherever it is mapped.
#include "window.h"

static HOT int until(const volatile int *p, int value) {
  while (*p != value) sched_yield();
  return *p;
}

/** Two processes that count by turns. */
static void count(volatile int *shared, const char *name) {
  shared[0] = shared[1000] = 0;
  fflush(stdout);
  if (fork() == 0) {
    for (int i = 0; i < 50; i++) shared[1000] = until(shared, 2 * i + 1) + 1, shared[0] = 2 * i + 2;
    _exit(0);
  }
  for (int i = 0; i < 50; i++) shared[0] = 2 * i + 1, until(shared, 2 * i + 2);
  wait(0);
  printf("%s: %d %d\n", name, shared[0], shared[1000]);
}

static HOT int equal(const volatile int *a, const volatile int *b) { return *a == *b; }

/** A page with two names. */
static void two_views(int f, void *first, void *second) {
  int fixed = first ? MAP_FIXED : 0, same = 0;
  volatile int *a = mapped(mmap(first, PAGE, RW, MAP_SHARED | fixed, f, 0)), *b = mapped(mmap(second, PAGE, RW, MAP_SHARED | fixed, f, 0));
  for (int i = 0; i < 200; i++) {
    (i & 1 ? a : b)[3] = i + 1;
    same += equal(a + 3, b + 3);
  }
  printf("two views: %d\n", same);
  munmap((void *)a, PAGE);
  munmap((void *)b, PAGE);
}

int main(int argc, char **argv) {
  warm_up(argc, argv);
  int f = memfd_create("views", 0);
  MUST(ftruncate(f, 2 * PAGE) == 0);
  two_views(f, 0, 0);
  count(mapped(mmap(0, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0)), "anywhere");

  // a file that is written while it is mapped
  volatile unsigned char *p = mapped(mmap(0, PAGE, R, MAP_SHARED, f, PAGE));
  for (int i = 0; i < 5; i++) {
    MUST(pwrite(f, &(char){i + 65}, 1, PAGE + 70) == 1);
    SAY_SUM(p, 100);
  }
  int *grown = mapped(mremap(mapped(mmap(0, PAGE, RW, MAP_SHARED, f, 0)), PAGE, 2 * PAGE, MREMAP_MAYMOVE));
  MUST(pwrite(f, "x", 1, PAGE + 9) == 1);
  SAY_SUM(grown, 2 * PAGE);

  // where it cannot be kept apart from what is private, while functions that read are running
  count(mapped(mmap((void *)0x20000000, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), "in the middle");
  two_views(f, (void *)0x20010000, (void *)0x20020000);
  count(mapped(mmap((void *)0x6ffff000, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), "at the end");
  count(mapped(mmap((void *)0x10000, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), "at the start");
}
