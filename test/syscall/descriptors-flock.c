// Descriptors of every kind for flock.
#include "descriptors.h"
#include <sys/file.h>
int main(void) {
  DESCRIPTORS(syscall(SYS_flock, fd, LOCK_EX | LOCK_NB));
  DESCRIPTORS(syscall(SYS_flock, fd, 77));
}
