// A function on a page of its own is called until it is hot, and written anew, ten times.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
  unsigned char *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  long sum = 0;
  for (int i = 0; i < 10; i++) {
    // lea eax, [rdi + i]; ret
    memcpy(page, (unsigned char[]){0x8d, 0x47, i, 0xc3}, 4);
    for (int j = 0; j < 100; j++) sum += ((int (*volatile)(int))page)(j);
  }
  printf("%ld\n", sum);
  return 0;
}
