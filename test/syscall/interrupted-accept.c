// What a signal makes of accept.
#include "interrupt.h"
int main(void) {
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&(struct sockaddr_un){.sun_family = AF_UNIX, .sun_path = "s"}, sizeof(struct sockaddr_un));
  listen(s, 1);
  INTERRUPTED(accept(s, 0, 0));
}
