// Functions whose reads are compiled, and what the programs here say.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOT __attribute__((noinline))
enum { PAGE = 4096, R = PROT_READ, RW = PROT_READ | PROT_WRITE, ANON = MAP_PRIVATE | MAP_ANONYMOUS };

static HOT uint64_t sum(const volatile unsigned char *p, size_t length) {
  uint64_t s = 0;
  for (size_t i = 0; i < length; i++) s = s * 31 + p[i];
  return s;
}

/** Runs until code that is entered often is compiled: the argument says how long. */
static void warm_up(int argc, char **argv) {
  static unsigned char bytes[1000];
  long turns = argc > 1 ? atol(argv[1]) : 100;
  uint64_t all = 0;
  for (long i = 0; i < turns; i++) all += sum(bytes, sizeof bytes);
  if (all) puts("not zero");
}

#define SAY_SUM(p, length) printf("line %d: %llx\n", __LINE__, (unsigned long long)sum((void *)(p), length))
#define MUST(x) ((x) ? (void)0 : (printf("line %d: " #x "\n", __LINE__), exit(1)))
static void *mapped(void *p) { MUST(p != MAP_FAILED); return p; }

/** A file of pages that are all different. */
static __attribute__((unused)) int pages_file(int pages) {
  char name[] = "/tmp/windowXXXXXX";
  int f = mkstemp(name);
  MUST(f >= 0);
  unlink(name);
  for (int i = 0; i < pages; i++) {
    unsigned char page[PAGE];
    for (int j = 0; j < PAGE; j++) page[j] = i * 7 + j * (i + 3);
    MUST(write(f, page, PAGE) == PAGE);
  }
  return f;
}
