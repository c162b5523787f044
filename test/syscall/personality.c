// what it says and keeps.
#include "say.h"
#include <sys/personality.h>
int main(void) {
  SAY(personality(0xffffffff));
  SAY(personality(ADDR_NO_RANDOMIZE));
  SAY(personality(0xffffffff) == ADDR_NO_RANDOMIZE);
}
