// What mappings look like and hold: areas that split and merge, shared pages, mremap, brk, madvise.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define FIXED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

static char *base;

static void areas(const char *what) {
  char line[512], permissions[8];
  unsigned long start, end, offset, from = (unsigned long)base;
  FILE *maps = fopen("/proc/self/maps", "r");
  printf("%s:\n", what);
  while (fgets(line, sizeof line, maps)) {
    sscanf(line, "%lx-%lx %s %lx", &start, &end, permissions, &offset);
    if (end > from && start < from + 32 * PAGE) printf("  %lx-%lx %s %lx\n", (start - from) / PAGE, (end - from) / PAGE, permissions, offset);
  }
  fclose(maps);
}

static void split_and_merge(void) {
  mmap(base, 8 * PAGE, RW, FIXED, -1, 0);
  mprotect(base + PAGE, PAGE, PROT_READ);
  mprotect(base + 2 * PAGE, PAGE, PROT_NONE);
  mprotect(base + 3 * PAGE, PAGE, PROT_WRITE);
  mprotect(base + 4 * PAGE, PAGE, PROT_EXEC);
  areas("split");
  mprotect(base + PAGE, 4 * PAGE, RW);
  areas("merged");
  munmap(base + 3 * PAGE, 2 * PAGE);
  mmap(base + 4 * PAGE, PAGE, RW, FIXED, -1, 0);
  mmap(base + 8 * PAGE, PAGE, RW, FIXED | MAP_NORESERVE, -1, 0);
  areas("with a hole");
  munmap(base, 32 * PAGE);
}

static void shared_pages(void) {
  char name[] = "/tmp/mappingXXXXXX", bytes[8] = "";
  int fd = mkstemp(name);
  for (int i = 0; i < 10000; i++) if (write(fd, "x", 1) != 1) exit(1);
  char *one = mmap(0, 4 * PAGE, RW, MAP_SHARED, fd, 0), *two = mmap(0, 4 * PAGE, RW, MAP_SHARED, fd, 0);
  one[1] = 'A', two[2] = 'B', one[3] = 'C';
  printf("both see %.4s %.4s\n", one, two);
  char *own = mmap(0, 4 * PAGE, RW, MAP_PRIVATE, fd, 0);
  own[1] = 'P';
  printf("a private store stays: %c %c\n", own[1], one[1]);
  pread(fd, bytes, 4, 0);
  printf("read sees %s\n", bytes);
  one[0] = 'Z';
  pread(fd, bytes, 4, 0);
  printf("read sees %s\n", bytes);
  pwrite(fd, "QQ", 2, 1);
  printf("both see %.4s %.4s\n", one, two);
  one[10005] = 'T';
  if (ftruncate(fd, 12000)) exit(1);
  printf("the file grew: %d\n", one[11000]);
  munmap(one, 4 * PAGE);
  munmap(two, 2 * PAGE);
  close(fd);
  fd = open(name, O_RDONLY);
  if (read(fd, bytes, 4) != 4) exit(1);
  printf("read sees %s\n", bytes);
  unlink(name);
  char *anonymous = mmap(0, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  anonymous[5] = 5;
  char *again = mremap(anonymous, 0, 2 * PAGE, MREMAP_MAYMOVE);
  again[6] = 6;
  printf("twice: %d %d\n", again[5], anonymous[6]);
  munmap(anonymous, 2 * PAGE);
  madvise(again, PAGE, MADV_DONTNEED);
  printf("kept: %d\n", again[5]);
}

static void moving(void) {
  mmap(base, 4 * PAGE, RW, FIXED, -1, 0);
  strcpy(base + 3 * PAGE, "moved");
  char *at = mremap(base, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, base + 16 * PAGE);
  printf("%s %d\n", at + 3 * PAGE, at[7 * PAGE]);
  mremap(at, 8 * PAGE, 2 * PAGE, 0);
  areas("shrunk");
  printf("grown in place: %d\n", mremap(at, 2 * PAGE, 6 * PAGE, 0) == at);
  printf("cleared: %d\n", at[3 * PAGE]);
  mmap(at + 6 * PAGE, PAGE, RW, FIXED, -1, 0);
  areas("moved areas keep their origin");
  at[0] = 9;
  madvise(at, PAGE, MADV_DONTNEED);
  printf("after MADV_DONTNEED: %d\n", at[0]);
}

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  base = mmap(0, 32 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(base, 32 * PAGE);
  split_and_merge();
  shared_pages();
  moving();
  char *end = sbrk(0);
  printf("brk %d ", sbrk(10000) == end);
  end[9999] = 1;
  brk(end);
  printf("%d\n", sbrk(0) == end);
  return 0;
}
