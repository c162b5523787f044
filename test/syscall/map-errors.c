// mmap beyond what an offset may be; madvise on mappings that the advice is not for.
#include "say.h"
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
int main(void) {
  int f = file_with("f", "text");
  SAY(mmap(0, 4096, PROT_READ, MAP_SHARED, f, 0x7ffffffffffff000) == MAP_FAILED ? -1 : 0);
  char *private = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0);
  SAY(madvise(private, 4096, MADV_REMOVE));
  char *reading = mmap(0, 8192, PROT_READ, MAP_SHARED, open("f", O_RDONLY), 0);
  SAY(madvise(reading, 4096, MADV_REMOVE));
  char *shared = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  SAY(madvise(shared, 4096, MADV_POPULATE_READ));
  SAY(madvise(shared, 8192, MADV_POPULATE_READ));
}
