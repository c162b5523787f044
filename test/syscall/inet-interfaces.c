// The interface by ioctl.
#include "inet.h"
#include <net/if.h>
int main(void) {
  struct ifreq r = {0};
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  strcpy(r.ifr_name, "lo");
  SAY(ioctl(s, SIOCGIFADDR, &r));
  puts(inet_ntoa(((struct sockaddr_in *)&r.ifr_addr)->sin_addr));
  SAY(ioctl(s, SIOCGIFNETMASK, &r));
  puts(inet_ntoa(((struct sockaddr_in *)&r.ifr_addr)->sin_addr));
  SAY(ioctl(s, SIOCGIFFLAGS, &r));
  SAY(r.ifr_flags & (IFF_UP | IFF_LOOPBACK));
  SAY(ioctl(s, SIOCGIFINDEX, &r));
  SAY(r.ifr_ifindex);
  SAY(ioctl(s, SIOCGIFMTU, &r));
  SAY(r.ifr_mtu);
  strcpy(r.ifr_name, "none0");
  SAY(ioctl(s, SIOCGIFADDR, &r));
  struct ifreq list[20];
  struct ifconf c = {sizeof list, {(char *)list}};
  SAY(ioctl(s, SIOCGIFCONF, &c));
  SAY(c.ifc_len >= (int)sizeof r);
  for (int i = 0; i < c.ifc_len / (int)sizeof r; i++) if (!strcmp(list[i].ifr_name, "lo")) puts("lo listed");
}
