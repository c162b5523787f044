// Time of a part of a benchmark, printed as `<part> <operations> <nanoseconds>`, and a checksum of its result.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static inline void report(const char *part, long operations, long start) { printf("%s %ld %ld\n", part, operations, now() - start); }

/** What a part has computed: the same wherever it runs. */
static inline void check(const char *part, uint64_t sum) { fprintf(stderr, "%s %016lx\n", part, (unsigned long)sum); }

/** `count` times the factor that the first argument gives. */
static inline long scaled(char **argv, long count) {
  long n = argv[1] ? (long)(atof(argv[1]) * count) : count;
  return n > 0 ? n : 1;
}

/** A linear congruential generator (the constants of Knuth's MMIX). */
static inline uint32_t next_random(uint64_t *state) { return (*state = *state * 6364136223846793005u + 1442695040888963407u) >> 32; }
