// mmap and its relatives: which arguments are refused, and with what.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096UL
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)
// addresses differ from run to run: only success shows
#define SAY(call) do { errno = 0; long r = (long)(call); printf("%s: %s\n", #call, r == -1 ? strerrorname_np(errno) : "ok"); } while (0)

int main(void) {
  char *at = mmap(0, 64 * PAGE, RW, ANON, -1, 0);
  unsigned char pages[64];
  munmap(at + 32 * PAGE, 32 * PAGE);
  int passwd = open("/etc/passwd", O_RDONLY), etc = open("/etc", O_RDONLY), null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);

  SAY(mmap(0, 0, PROT_READ, ANON, -1, 0));
  SAY(mmap(0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
  SAY(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
  SAY(mmap(0, 0, PROT_READ, MAP_PRIVATE, -1, 0));
  SAY(mmap(at + 1, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0));
  SAY(mmap(0, 1UL << 63, PROT_READ, ANON, -1, 0));
  SAY(mmap(0, -1UL, PROT_READ, ANON, -1, 0));
  SAY(mmap((void *)0xffff800000000000, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0));
  SAY(mmap(at, PAGE, PROT_READ, ANON | MAP_FIXED_NOREPLACE, -1, 0));
  SAY(mmap(0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
  SAY(mmap(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
  SAY(syscall(SYS_mmap, 0, PAGE, PROT_READ, ANON, -1, 7));
  SAY(mmap(0, PAGE, RW, MAP_SHARED, passwd, 0));
  SAY(mmap(0, PAGE, RW, MAP_PRIVATE, passwd, 0));
  SAY(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, etc, 0));
  SAY(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, null, 0));
  SAY(mmap(0, PAGE, RW, MAP_PRIVATE, zero, 0));
  char *shared = mmap(0, PAGE, PROT_READ, MAP_SHARED, passwd, 0);
  SAY(mprotect(shared, PAGE, RW));

  SAY(munmap(at + 1, PAGE));
  SAY(munmap(at, 0));
  SAY(munmap(at + 40 * PAGE, PAGE));
  SAY(munmap(at, 1UL << 48));
  SAY(mprotect(at + 31 * PAGE, 2 * PAGE, PROT_READ));
  SAY(mprotect(at, PAGE, 0x100));
  SAY(mprotect(at + 1, PAGE, PROT_READ));
  SAY(mprotect(at, 0, PROT_READ));
  SAY(mprotect(at, -1UL, PROT_READ));
  SAY(madvise(at, PAGE, 77));
  SAY(madvise(at + 31 * PAGE, 4 * PAGE, MADV_DONTNEED));
  SAY(madvise(at + 3, PAGE, MADV_DONTNEED));
  SAY(madvise(shared, PAGE, MADV_FREE));
  SAY(madvise(shared, PAGE, MADV_WIPEONFORK));
  SAY(msync(at + 30 * PAGE, 8 * PAGE, MS_SYNC));
  SAY(msync(at, PAGE, MS_SYNC | MS_ASYNC));
  SAY(msync(at + 1, PAGE, MS_SYNC));
  SAY(mincore(at + 30 * PAGE, 8 * PAGE, pages));
  SAY(mincore(at + 1, PAGE, pages));
  SAY(mincore(at, PAGE, (void *)8));
  SAY(mlockall(0));
  SAY(mlock(at + 31 * PAGE, 3 * PAGE));
  SAY(mlock(at, PAGE));
  SAY(madvise(at, PAGE, MADV_DONTNEED));
  SAY(munlock(at, PAGE));
  SAY(mremap(at, PAGE, 0, 0));
  SAY(mremap(at + 40 * PAGE, PAGE, PAGE, 0));
  SAY(mremap(at, PAGE, PAGE, MREMAP_FIXED, at));
  SAY(mremap(at, PAGE, PAGE, 64));
  SAY(mremap(at, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at + PAGE));
  SAY(mremap(at, 40 * PAGE, 41 * PAGE, MREMAP_MAYMOVE));
  SAY(mremap(at, PAGE, 2 * PAGE, 0));
  SAY(mremap(at, 0, PAGE, MREMAP_MAYMOVE));
  SAY(brk((void *)8));
  mprotect(at + PAGE, PAGE, PROT_READ);
  SAY(read(passwd, at + PAGE, 8));
  SAY(read(passwd, at + 33 * PAGE, 8));
  setrlimit(RLIMIT_AS, &(struct rlimit){64 << 20, RLIM_INFINITY});
  SAY(mmap(0, 128 << 20, PROT_READ, ANON, -1, 0));
  return 0;
}
