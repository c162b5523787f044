// Reads where nothing may be mapped fault as ever, and so do those that reach over the end of the window.
#include "window.h"
#include <emmintrin.h>

static sigjmp_buf back;
static void caught(int number, siginfo_t *info, void *context) {
  (void)context;
  printf(" signal %d code %d at %llx\n", number, info->si_code, (unsigned long long)(uintptr_t)info->si_addr);
  siglongjmp(back, 1);
}

#define READER(name, type, value) \
  static HOT long name(const volatile char *p) { type x = *(const volatile type *)p; return value; }
READER(one, unsigned char, x)
READER(two, unsigned short, x)
READER(four, int, x)
READER(eight, long, x)
READER(sixteen, __m128i, _mm_cvtsi128_si64(x))
static HOT long unaligned(const volatile char *p) { return _mm_cvtsi128_si64(_mm_loadu_si128((const __m128i *)p)); }
/** Accesses that share a check. */
static HOT long wide(const volatile char *p) { return p[0] + p[4000] + p[4095]; }
static HOT long behind(const volatile char *p) { return p[-4000] + p[-1]; }
static HOT long indexed(const volatile char *p) { return ((const volatile int *)4096)[(uintptr_t)p / 4 - 1024]; }
static HOT long added(const volatile char *p) {
  static volatile char one;
  one += p[0];
  return one += p[1];
}

static const struct { const char *name; long (*read)(const volatile char *); } READERS[] = {
    {"one", one}, {"two", two}, {"four", four}, {"eight", eight}, {"sixteen", sixteen}, {"unaligned", unaligned},
    {"wide", wide}, {"behind", behind}, {"indexed", indexed}, {"added", added},
};
static const uint64_t PLACES[] = {
    0, 1, 8, 0xfff, 0x1000, 0xf000, 0xf100, 0xfff0, 0xffff,
    0x6ffff000, 0x6fffff00, 0x6ffffff0, 0x6ffffff9, 0x6fffffff, 0x70000000, 0x70000ff8, 0x7fffffff, 0x80000000, 0xf0000000,
    0xfffefff0, 0xffffffff, 0x100000000, 0x100000010, 0x10000ffff, 0x100010000, 0x100020000, 0x16ffffff8, 0x800000000,
    0x7ffffffff000, 0x7fffffffffff, 0x800000000000, 0x8000000000000000, 0xffff800000000000, 0xffffffff00000000, 0xffffffff00020000,
    0xfffffffffffe0000, 0xfffffffffffff000, 0xffffffffffffff00, 0xfffffffffffffff0, 0xffffffffffffffff,
};

static void try(const char *when, uint64_t place) {
  for (size_t i = 0; i < sizeof READERS / sizeof *READERS; i++) {
    printf("%s %s %llx:", when, READERS[i].name, (unsigned long long)place);
    if (sigsetjmp(back, 1) == 0) printf(" %ld\n", READERS[i].read((void *)place));
  }
}
static void all(const char *when) {
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) try(when, PLACES[i]);
}

int main(int argc, char **argv) {
  warm_up(argc, argv);
  struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  static char bytes[3 * PAGE] __attribute__((aligned(64)));
  for (int turn = 0; turn < (argc > 1 ? 30000 : 100); turn++)
    for (size_t i = 0; i < sizeof READERS / sizeof *READERS; i++) READERS[i].read(bytes + PAGE);
  // up to the end of the window, and around it
  unsigned char *end = mapped(mmap((void *)0x6fffe000, 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0));
  memset(end, 3, 2 * PAGE);
  all("below");
  memset(mapped(mmap((void *)0x6fffe000, 4 * PAGE, RW, ANON | MAP_FIXED, -1, 0)), 5, 4 * PAGE);
  all("around");
  // beyond it, into a hole and out of one
  memset(mapped(mmap((void *)0x70100000, 32 * PAGE, RW, ANON | MAP_FIXED, -1, 0)), 6, 32 * PAGE);
  munmap((void *)0x70118000, PAGE);
  for (uint64_t place = 0x70117f80; place < 0x70119080; place += place >> 12 == 0x70118 && (place & 0xfff) < 0xf80 ? 0x3a : 7) try("beyond", place);
  // the lowest pages there are
  memset(mapped(mmap((void *)0x10000, 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0)), 7, 2 * PAGE);
  for (uint64_t place = 0xf000; place < 0x11000; place += 0x7c) try("lowest", place);
}
