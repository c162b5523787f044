// A function that is called often, on a page on which another one is written anew again and again.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
  unsigned char *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  long sum = 0;
  // lea eax, [rdi + 5]; ret
  memcpy(page + 256, (unsigned char[]){0x8d, 0x47, 5, 0xc3}, 4);
  for (int i = 0; i < 1000; i++) {
    // lea eax, [rdi + i]; ret
    memcpy(page, (unsigned char[]){0x8d, 0x87, i, i >> 8, 0, 0, 0xc3}, 7);
    sum += ((int (*volatile)(int))page)(i);
    for (int j = 0; j < 100; j++) sum += ((int (*volatile)(int))(page + 256))(j);
  }
  printf("%ld\n", sum);
  return 0;
}
