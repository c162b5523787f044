// On poll: which kinds are ready.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(poll(&(struct pollfd){fd, POLLIN | POLLOUT, 0}, 1, 0));
  DESCRIPTORS(ready(fd));
}
