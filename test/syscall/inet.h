// What the tests of Internet sockets share.
#pragma once
#include "say.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

__attribute__((unused)) static struct sockaddr_in at4(const char *host, int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, host, &a.sin_addr);
  return a;
}
__attribute__((unused)) static struct sockaddr_in6 at6(const char *host, int port) {
  struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  inet_pton(AF_INET6, host, &a.sin6_addr);
  return a;
}
/** The port of this end. */
__attribute__((unused)) static int port_of(int s) {
  struct sockaddr_in6 a;
  socklen_t n = sizeof a;
  getsockname(s, (void *)&a, &n);
  return ntohs(a.sin6_port);
}
/** A listener on a free port of 127.0.0.1. */
__attribute__((unused)) static int listener(int *port) {
  struct sockaddr_in a = at4("127.0.0.1", 0);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  bind(s, (void *)&a, sizeof a);
  listen(s, 10);
  *port = port_of(s);
  return s;
}
/** A connection: c[0] called, c[1] was accepted. */
__attribute__((unused)) static void connection(int *c) {
  int port, s = listener(&port);
  struct sockaddr_in a = at4("127.0.0.1", port);
  c[0] = socket(AF_INET, SOCK_STREAM, 0);
  connect(c[0], (void *)&a, sizeof a);
  c[1] = accept(s, 0, 0);
  close(s);
}
/** An option as int. */
__attribute__((unused)) static int option(int s, int level, int name) {
  int value = -1;
  socklen_t n = sizeof value;
  if (getsockopt(s, level, name, &value, &n) < 0) return -errno;
  return value;
}
