// getaddrinfo and getifaddrs: the loopback is there.
#include "inet.h"
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
int main(void) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *r = 0;
  SAY(getaddrinfo("127.0.0.1", "80", &hints, &r));
  printf("%s %d\n", inet_ntoa(((struct sockaddr_in *)r->ai_addr)->sin_addr), ntohs(((struct sockaddr_in *)r->ai_addr)->sin_port));
  SAY(getaddrinfo("localhost", "http", &hints, &r));
  struct ifaddrs *list, *i;
  SAY(getifaddrs(&list));
  for (i = list; i; i = i->ifa_next)
    if (!strcmp(i->ifa_name, "lo") && i->ifa_addr && i->ifa_addr->sa_family == AF_INET)
      printf("lo %s %x\n", inet_ntoa(((struct sockaddr_in *)i->ifa_addr)->sin_addr), i->ifa_flags & (IFF_UP | IFF_LOOPBACK));
  SAY(if_nametoindex("lo"));
  char name[IF_NAMESIZE] = "";
  if_indextoname(1, name);
  puts(name);
  SAY(if_nametoindex("no-such"));
}
