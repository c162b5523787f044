// MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, several pieces.
#include "say.h"
int main(void) {
  int s[2];
  char b[20] = "";
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  SAY(write(s[0], "abcdef", 6));
  SAY(recv(s[1], b, 3, MSG_PEEK));
  SAY(recv(s[1], b, 20, MSG_PEEK));
  SAY(recv(s[1], b, 20, MSG_DONTWAIT));
  puts(b);
  SAY(recv(s[1], b, 20, MSG_DONTWAIT));
  pid_t pid = fork();
  if (pid == 0) {
    for (int i = 0; i < 3; i++) write(s[0], "0123", 4), sleep_ms(10);
    _exit(0);
  }
  SAY(recv(s[1], b, 10, MSG_WAITALL));
  reap(pid);
  close(s[0]);
  SAY(recv(s[1], b, 10, MSG_WAITALL));
  SAY(recv(s[1], b, 10, MSG_WAITALL));
}
