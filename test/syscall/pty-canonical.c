// Lines: editing with erase, word erase, kill, literal next, the end of file; echo.
#include "pty.h"
int main(void) {
  pair();
  type("hello");
  take("slave", slave);
  take("echo", master);
  type(" world\r");
  take("slave", slave);
  take("echo", master);
  type("abc\x7f\x7fX\n");
  take("slave", slave);
  take("echo", master);
  type("one two  \x17three\n");
  take("slave", slave);
  take("echo", master);
  type("killed\x15line\n");
  take("slave", slave);
  take("echo", master);
  type("a\x16\x03z\n");
  take("slave", slave);
  take("echo", master);
  type("tab\tx\x7f\x7f\x7f\n");
  take("slave", slave);
  take("echo", master);
  type("no newline\x04");
  take("slave", slave);
  take("echo", master);
  type("\x04");
  take("end", slave);
  take("again", slave);
  type("two\nlines\n");
  take("first", slave);
  take("second", slave);
  type("partial reads\n");
  char b[8];
  show("5", b, read(slave, b, 5));
  take("rest", slave);
  type("\x01\x1b\n");
  take("controls", slave);
  take("echo", master);
}
