// Seals of a memfd: each forbids what it says; sealing is sealed last.
#include "say.h"
int main(void) {
  int f = memfd_create("seal", MFD_ALLOW_SEALING), plain = memfd_create("plain", 0);
  SAY(fcntl(f, F_GET_SEALS));
  SAY(fcntl(plain, F_GET_SEALS));
  SAY(fcntl(plain, F_ADD_SEALS, F_SEAL_GROW));
  SAY(write(f, "hello", 5));
  SAY(fcntl(f, F_ADD_SEALS, F_SEAL_GROW));
  SAY(write(f, "more", 4));
  SAY(ftruncate(f, 9));
  SAY(pwrite(f, "J", 1, 0));
  SAY(ftruncate(f, 4));
  SAY(fcntl(f, F_ADD_SEALS, F_SEAL_SHRINK));
  SAY(ftruncate(f, 2));
  char *m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  SAY(fcntl(f, F_ADD_SEALS, F_SEAL_WRITE));
  munmap(m, 4096);
  SAY(fcntl(f, F_ADD_SEALS, F_SEAL_WRITE));
  SAY(pwrite(f, "K", 1, 0));
  SAY(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0) == MAP_FAILED);
  SAY(mmap(0, 4096, PROT_READ, MAP_SHARED, f, 0) != MAP_FAILED);
  SAY(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0) != MAP_FAILED);
  SAY(fcntl(f, F_ADD_SEALS, F_SEAL_SEAL));
  SAY(fcntl(f, F_ADD_SEALS, F_SEAL_WRITE));
  SAY(fcntl(f, F_GET_SEALS));
  SAY(fcntl(f, F_ADD_SEALS, 0x1000));
  SAY(fcntl(0, F_GET_SEALS));
  SAY(memfd_create("x", 0x1000));
}
