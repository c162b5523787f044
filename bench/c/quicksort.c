// Quicksort of random numbers, the middle element as pivot, insertion sort at the end.
#include "timing.h"

#define N 200000
static int32_t numbers[N];

static void sort(int32_t *low, int32_t *high) {
  while (high - low > 12) {
    int32_t pivot = low[(high - low) / 2], *i = low, *j = high;
    while (i <= j) {
      while (*i < pivot) i++;
      while (*j > pivot) j--;
      if (i > j) break;
      int32_t x = *i;
      *i++ = *j, *j-- = x;
    }
    if (j - low < high - i) sort(low, j), low = i;
    else sort(i, high), high = j;
  }
  for (int32_t *i = low + 1; i <= high; i++) {
    int32_t x = *i, *j = i;
    for (; j > low && j[-1] > x; j--) *j = j[-1];
    *j = x;
  }
}

int main(int argc, char **argv) {
  long count = scaled(argv, 20);
  uint64_t seed = 1, sum = 0;
  long start = now();
  for (long round = 0; round < count; round++) {
    for (int i = 0; i < N; i++) numbers[i] = next_random(&seed);
    sort(numbers, numbers + N - 1);
    for (int i = 1; i < N; i++) {
      if (numbers[i - 1] > numbers[i]) return 1;
      sum = sum * 31 + numbers[i];
    }
  }
  report("quicksort", count, start);
  check("quicksort", sum);
  return 0;
}
