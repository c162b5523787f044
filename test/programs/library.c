// build: pie static musl
// Parts of the C library: sorting, jumps, what runs before main and after it.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

__attribute__((constructor(101))) static void first(void) { puts("constructor 101"); }
__attribute__((constructor)) static void second(void) { puts("constructor"); }
__attribute__((destructor)) static void last(void) { puts("destructor"); }
__attribute__((destructor(101))) static void very_last(void) { puts("destructor 101"); }
static void at_exit_1(void) { puts("atexit 1"); }
static void at_exit_2(void) { puts("atexit 2"); }

static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static jmp_buf there;
static void deep(int depth) {
  if (depth == 0) longjmp(there, 42);
  deep(depth - 1);
}

int main(int argc, char **argv) {
  atexit(at_exit_1);
  atexit(at_exit_2);
  int numbers[1000];
  unsigned seed = 1;
  for (int i = 0; i < 1000; i++) numbers[i] = (seed = seed * 1664525 + 1013904223) >> 12 & 0xfff;
  qsort(numbers, 1000, sizeof *numbers, by_value);
  for (int i = 1; i < 1000; i++)
    if (numbers[i - 1] > numbers[i]) return 1;
  printf("%d %d %d\n", numbers[0], numbers[500], numbers[999]);
  int key = numbers[123];
  printf("%d\n", *(int *)bsearch(&key, numbers, 1000, sizeof *numbers, by_value) == key);
  const char *words[] = {"pear", "apple", "fig", "banana", "Apple", "", "figs"};
  qsort(words, 7, sizeof *words, by_text);
  for (int i = 0; i < 7; i++) printf("%s,", words[i]);
  puts("");

  volatile int count = 0;
  int value = setjmp(there);
  count++;
  if (value == 0) deep(100);
  printf("setjmp %d after %d\n", value, count);

  time_t when = 1234567890;
  struct tm *tm = gmtime(&when);
  char text[64];
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %j %a %b %U", tm);
  printf("%s %ld\n", text, (long)mktime(tm));
  setenv("A", "b", 1);
  printf("%s %s\n", getenv("A"), getenv("TZ"));
  srand(7);
  int random = rand();
  srand(7);
  printf("%d\n", random == rand());
  div_t q = div(-7, 2);
  printf("%d %d\n", q.quot, q.rem);
  exit(5);
}
