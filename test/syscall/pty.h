// What the tests of pseudo-terminals share.
#pragma once
#include "say.h"
#include <termios.h>
static int master, slave;
/** A pair with its slave open, not as controlling terminal. */
__attribute__((unused)) static void pair(void) {
  master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  int unlock = 0, n = 0;
  ioctl(master, TIOCSPTLCK, &unlock);
  ioctl(master, TIOCGPTN, &n);
  char name[40];
  snprintf(name, 40, "/dev/pts/%d", n);
  slave = open(name, O_RDWR | O_NOCTTY);
}
/** Bytes with control characters as \xHH. */
__attribute__((unused)) static void show(const char *what, const char *b, long n) {
  printf("%s %ld '", what, n);
  for (long i = 0; i < n; i++)
    if (b[i] < 32 || b[i] == 127) printf("\\x%02x", b[i] & 255);
    else putchar(b[i]);
  puts("'");
  fflush(stdout);
}
/** What a descriptor has to read now. */
__attribute__((unused)) static void take(const char *what, int fd) {
  char b[8192];
  long n = -1;
  int flags = fcntl(fd, F_GETFL);
  sleep_ms(10); // Linux hands over what was written later, under load in pieces
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  n = read(fd, b, sizeof b);
  int e = errno;
  fcntl(fd, F_SETFL, flags);
  if (n < 0) printf("%s %s\n", what, strerrorname_np(e)), fflush(stdout);
  else show(what, b, n);
}
__attribute__((unused)) static void type(const char *keys) {
  write(master, keys, strlen(keys));
  sleep_ms(10); // Linux takes them in later
}
/** Changes flags of the slave. */
__attribute__((unused)) static void local(int off, int on) {
  struct termios t;
  tcgetattr(slave, &t);
  t.c_lflag = (t.c_lflag & ~off) | on;
  tcsetattr(slave, TCSANOW, &t);
}
