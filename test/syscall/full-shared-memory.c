// fallocate of more than all of a tmpfs: ENOSPC at once.
#include "say.h"
int main(void) {
  char name[60];
  snprintf(name, sizeof name, "/dev/shm/elfin-full-%d", getpid());
  int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
  SAY(fallocate(fd, 0, 0, 1L << 46));
  struct stat st;
  SAY(fstat(fd, &st));
  printf("%ld %ld\n", (long)st.st_size, (long)st.st_blocks);
  SAY(unlink(name));
}
