// build: pie musl static
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned seed = 12345;
static unsigned next(void) { return seed = seed * 1103515245 + 12345, seed >> 8; }

int main(void) {
  const size_t size = 100 << 20;
  char *big = malloc(size);
  if (!big) return 1;
  unsigned sum = 0;
  for (size_t i = 0; i < size; i += 4096) big[i] = i >> 12;
  for (size_t i = 0; i < size; i += 4096) sum = sum * 31 + (unsigned char)big[i];
  printf("%u\n", sum);
  big = realloc(big, size + (20 << 20));
  printf("%d %d\n", big[4096 * 7], big[4096 * 100]);
  free(big);

  enum { COUNT = 500 };
  unsigned char *blocks[COUNT] = {0};
  size_t sizes[COUNT];
  for (int round = 0; round < 20000; round++) {
    int i = next() % COUNT;
    if (blocks[i]) {
      for (size_t j = 0; j < sizes[i]; j++)
        if (blocks[i][j] != (unsigned char)i) return printf("damaged\n"), 1;
      free(blocks[i]);
      blocks[i] = NULL;
    } else {
      sizes[i] = next() % (round % 100 ? 300 : 40000);
      blocks[i] = round % 3 ? malloc(sizes[i]) : calloc(1, sizes[i]);
      if (round % 3 == 0)
        for (size_t j = 0; j < sizes[i]; j++)
          if (blocks[i][j]) return printf("not zero\n"), 1;
      memset(blocks[i], i, sizes[i]);
    }
  }
  void *aligned;
  if (posix_memalign(&aligned, 65536, 1000)) return 1;
  printf("%zu\n", (size_t)aligned % 65536);
  printf("%p\n", malloc((size_t)1 << 50));
  return 0;
}
