// flags and lengths.
#include "say.h"
#include <sys/random.h>
int main(void) {
  char a[16] = "", b[16] = "";
  SAY(getrandom(a, 16, 0));
  SAY(getrandom(b, 16, GRND_NONBLOCK | GRND_RANDOM));
  SAY(memcmp(a, b, 16) != 0);
  SAY(getrandom(a, 0, 0));
  SAY(getrandom(a, 1, 0x100));
  SAY(getrandom((void *)8, 1, 0));
  SAY(getentropy(a, 16));
  SAY(getentropy(a, 257));
}
