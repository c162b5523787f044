// build: pie nopie static static-pie musl musl-dynamic
#include <stdio.h>

int main(void) {
  printf("Hello from C code\n");
  return 7;
}
