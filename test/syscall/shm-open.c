// shared memory by name.
#include "say.h"
int main(void) {
  shm_unlink("/elfin-shm");
  int f = shm_open("/elfin-shm", O_CREAT | O_EXCL | O_RDWR, 0600);
  SAY(f > 0);
  SAY(ftruncate(f, 4096));
  int *m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  pid_t pid = fork();
  if (pid == 0) { int g = shm_open("/elfin-shm", O_RDWR, 0); int *n = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, g, 0); n[5] = 55; _exit(0); }
  reap(pid);
  SAY(m[5]);
  SAY(shm_unlink("/elfin-shm"));
  SAY(shm_open("/elfin-shm", O_RDWR, 0));
}
