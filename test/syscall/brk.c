// the heap grows and shrinks, and new memory is zero.
#include "say.h"
int main(void) {
  char *a = sbrk(0);
  SAY(sbrk(8192) == a);
  SAY(a[8000]);
  a[8000] = 1;
  SAY(brk(a));
  SAY(sbrk(8192) == a);
  SAY(a[8000]);
}
