// Echo: none, only the newline, control characters, erase without ECHOE.
#include "pty.h"
int main(void) {
  pair();
  local(ECHO, 0);
  type("quiet\n");
  take("echo", master);
  local(ECHO, ECHONL);
  type("newline\n");
  take("echo", master);
  local(ECHOCTL | ECHONL, ECHO);
  type("a\x01\n");
  take("echo", master);
  local(ECHOE | ECHOKE, ECHO | ECHOCTL);
  type("ab\x7f\n");
  take("echo", master);
  type("ab\x15 c\n");
  take("echo", master);
}
