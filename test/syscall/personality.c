// what it says and keeps; it may begin without random addresses.
#include "say.h"
#include <sys/personality.h>
int main(void) {
  SAY(personality(0xffffffff) & ~ADDR_NO_RANDOMIZE);
  SAY(personality(ADDR_NO_RANDOMIZE) & ~ADDR_NO_RANDOMIZE);
  SAY(personality(0xffffffff) == ADDR_NO_RANDOMIZE);
}
