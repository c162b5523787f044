// mmap, shared: descriptors of every kind.
#include "descriptors.h"
// (mapping TCP sockets is up to how Linux is built)
int main(void) {
  DESCRIPTORS(kind == 11 ? -2 : -(mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED));
  DESCRIPTORS(kind == 11 ? -2 : -(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED));
}
