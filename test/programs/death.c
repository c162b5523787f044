// build: pie
// Ends by the signal that its input names: the status of the shell is 128 and the number.
// args: 11
#include <signal.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  raise(atoi(argv[1]));
  return 0;
}
