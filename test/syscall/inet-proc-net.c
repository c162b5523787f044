// /proc/net/tcp shows a listener.
#include "inet.h"
int main(void) {
  int port, l = listener(&port);
  char want[40], line[300];
  snprintf(want, 40, "0100007F:%04X 00000000:0000 0A", port);
  FILE *f = fopen("/proc/net/tcp", "r");
  int found = 0;
  while (fgets(line, 300, f)) found += strstr(line, want) != 0;
  SAY(found);
  f = fopen("/proc/net/dev", "r");
  while (fgets(line, 300, f)) if (strstr(line, "lo:")) puts("lo");
  (void)l;
}
