// What poll(2) says of standard input and output, with time limits, until the input ends.
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  struct pollfd both[2] = {{.fd = 0, .events = POLLIN}, {.fd = 1, .events = POLLOUT}};
  int ready = poll(both, 2, 0);
  printf("at once: %d, output %d\n", ready > 0, (both[1].revents & POLLOUT) != 0);
  for (;;) {
    ready = poll(both, 1, 10000);
    char text[64];
    ssize_t length = ready == 1 ? read(0, text, sizeof text) : -1;
    printf("ready %d, data %d, read %zd\n", ready, (both[0].revents & POLLIN) != 0 || length == 0, length);
    if (length <= 0) return 0;
    printf("later %d\n", poll(both, 1, 20));
  }
}
