// Pages that several mappings share: a store through one is seen through the others and by read(2), and the reverse.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char bytes[16];
static const char *at(int fd, long offset) {
  memset(bytes, 0, sizeof bytes);
  pread(fd, bytes, 4, offset);
  return bytes;
}

static void share(const char *what, int fd, int second) {
  ftruncate(fd, 3 * 4096);
  char *a = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *b = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, second, 4096);
  char *private = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  if (a == MAP_FAILED || b == MAP_FAILED || private == MAP_FAILED) {
    printf("%s: not mapped\n", what);
    return;
  }
  strcpy(a + 4096, "one");
  printf("%s: %s %s\n", what, b, at(fd, 4096));
  strcpy(b, "two");
  printf("%s %s\n", a + 4096, at(second, 4096));
  pwrite(fd, "six", 3, 8192);
  printf("%s %s\n", a + 8192, b + 4096);
  // A page that a private mapping has not written to may show the file's changes or not; one that it has does not.
  strcpy(private, "own");
  strcpy(a, "all");
  printf("%s %s %s\n", private, a, at(fd, 0));
  // Alternating stores and loads through both names of a page.
  unsigned sum = 0;
  for (int i = 0; i < 1000; i++) {
    a[4096 + i % 7] = i;
    b[i % 5] += 3;
    sum = sum * 31 + (unsigned char)b[i % 7] + (unsigned char)a[4096 + i % 5];
  }
  printf("%u\n", sum);
  // Stores that straddle into a shared page.
  memcpy(a + 4094, "WXYZ", 4);
  printf("%.2s\n", b);
  // System calls write into one name and read from the other.
  lseek(fd, 0, SEEK_SET);
  pwrite(fd, "through", 7, 5000);
  read(fd, b + 100, 3);
  printf("%.3s %.7s\n", a + 4196, b + 904);
  msync(a, 3 * 4096, MS_SYNC);
  munmap(a, 3 * 4096);
  strcpy(b, "end");
  munmap(b, 2 * 4096);
  printf("%s\n", at(fd, 4096));
}

int main(void) {
  int fd = open("shared", O_RDWR | O_CREAT, 0600);
  share("one descriptor", fd, fd);
  int first = open("other", O_RDWR | O_CREAT, 0600), second = open("other", O_RDWR);
  share("two descriptors", first, second);
  int memory = memfd_create("m", 0);
  share("memfd", memory, dup(memory));

  // Anonymous shared memory moves as a whole, and its new place is the same memory.
  char *anonymous = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  strcpy(anonymous, "kept");
  char *moved = mremap(anonymous, 4096, 8192, MREMAP_MAYMOVE);
  printf("%s\n", moved == MAP_FAILED ? "failed" : moved);
  // An old size of 0 makes a second name of shared pages.
  char *again = mremap(moved, 0, 4096, MREMAP_MAYMOVE);
  if (again != MAP_FAILED) strcpy(again, "twice");
  printf("%s\n", moved);

  // A read-only name sees what the writable one stores; a write to it after mprotect is refused by the descriptor's mode.
  int reader = open("shared", O_RDONLY);
  char *view = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 4096);
  char *writer = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
  strcpy(writer, "seen");
  printf("%s %d\n", view, mprotect(view, 4096, PROT_READ | PROT_WRITE));
  return 0;
}
