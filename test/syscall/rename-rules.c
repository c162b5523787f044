// what rename replaces and what it refuses.
#include "say.h"
int main(void) {
  close(file_with("f", "x")), close(file_with("g", "y")), mkdir("d", 0755), mkdir("e", 0755), mkdir("full", 0755), mkdir("full/x", 0755);
  SAY(rename("f", "g"));
  SAY(access("f", F_OK));
  SAY(rename("g", "d"));
  SAY(rename("d", "g"));
  SAY(rename("d", "e"));
  SAY(rename("e", "full"));
  SAY(rename("full", "full/x/y"));
  SAY(rename("full", "."));
  SAY(rename("none", "x"));
  SAY(rename("g", "g"));
  link("g", "h");
  SAY(rename("g", "h"));
  SAY(access("g", F_OK));
  SAY(rename("g", "none/x"));
  SAY(rename("g/", "z"));
}
