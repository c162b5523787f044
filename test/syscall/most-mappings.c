// A process has so many mappings at most: one more, or a hole in one, is refused.
#include "say.h"
int main(void) {
  FILE *limit = fopen("/proc/sys/vm/max_map_count", "r");
  long most = 0;
  fscanf(limit, "%ld", &most), fclose(limit);
  if (most != 65530) return printf("another limit\n"), 0;
  char *a = mmap(0, 4096L * 140000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  long i = 0;
  while (i < 70000 && mprotect(a + i * 8192, 4096, PROT_NONE) == 0) i++;
  printf("%d %s\n", i > 32000 && i < 32770, strerrorname_np(errno));
  while (mmap(0, 4096, i++ & 1 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
  printf("%s\n", strerrorname_np(errno));
  SAY(munmap(a + 4096L * 100001, 4096));
  SAY(munmap(a, 4096L * 140000));
  SAY(munmap(mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096));
}
