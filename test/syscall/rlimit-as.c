// an address space limit refuses mappings.
#include "say.h"
int main(void) {
  struct rlimit r = {200 << 20, 200 << 20};
  SAY(setrlimit(RLIMIT_AS, &r));
  SAY(mmap(0, 300 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  SAY(mmap(0, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
}
