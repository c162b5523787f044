// Accesses that memory refuses: signal, code and address of each; code that changes; a stack that grows.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define TRY(access) do { if (!sigsetjmp(back, 1)) { access; printf("%s: ok\n", #access); } \
  else printf("%s: signal %d, code %d, at %+ld\n", #access, number, code, (long)(address - base)); } while (0)

static sigjmp_buf back;
static volatile int number, code;
static char *volatile address, *base;

static void handler(int signal, siginfo_t *info, void *context) {
  (void)context;
  number = signal;
  code = info->si_code;
  address = info->si_addr;
  siglongjmp(back, 1);
}

static void pages(void) {
  volatile char *page = base = mmap(0, 64 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(base + 32 * PAGE, 32 * PAGE);
  mprotect(base + 1 * PAGE, PAGE, PROT_READ);
  mprotect(base + 2 * PAGE, PAGE, PROT_NONE);
  mprotect(base + 3 * PAGE, PAGE, PROT_WRITE);
  mprotect(base + 4 * PAGE, PAGE, PROT_EXEC);
  TRY((void)page[2 * PAGE]);
  TRY(page[2 * PAGE + 5] = 1);
  TRY((void)page[PAGE]);
  TRY(page[PAGE + 7] = 1);
  TRY((void)page[3 * PAGE]);
  TRY(page[3 * PAGE] = 1);
  TRY((void)page[4 * PAGE]);
  TRY(page[4 * PAGE] = 1);
  TRY((void)*(volatile uint64_t *)(base + 2 * PAGE - 4));
  TRY(*(volatile uint64_t *)(base + PAGE - 4) = 0x1122334455667788);
  printf("nothing of it was written: %d\n", page[PAGE - 4]);
  TRY((void)page[33 * PAGE]);
  TRY(((void (*)(void))base)());
}

static void far(void) {
  base = 0;
  TRY((void)*(volatile char *)base);
  TRY(*(volatile int *)(base + 64) = 1);
  TRY((void)*(volatile char *)(base + 0x7fffffff0000));
  TRY((void)*(volatile char *)(base + 0x8000000000000000));
  TRY((void)*(volatile char *)(base - 1));
}

static void file(void) {
  char name[] = "/tmp/mappingXXXXXX", bytes[10000];
  int fd = mkstemp(name);
  memset(bytes, 'x', sizeof bytes);
  if (write(fd, bytes, sizeof bytes) != sizeof bytes) exit(1);
  char *shared = mmap(0, 4 * PAGE, RW, MAP_SHARED, fd, 0), *own = mmap(0, 4 * PAGE, RW, MAP_PRIVATE, fd, 0);
  volatile char *page = base = shared;
  printf("the end: %d %d\n", page[9999], page[10000]);
  TRY((void)page[3 * PAGE]);
  TRY(page[3 * PAGE + 9] = 1);
  page = base = own;
  TRY((void)page[3 * PAGE]);
  TRY((void)*(volatile uint64_t *)(base + 3 * PAGE - 4));
  if (ftruncate(fd, 5000)) exit(1);
  page = base = shared;
  TRY((void)page[2 * PAGE]);
  printf("past the new end: %d\n", page[5001]);
  unlink(name);
}

static void code_pages(void) {
  unsigned char *code = mmap(0, PAGE, RW | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int (*volatile call)(void) = (int (*)(void))(void *)code;
  memcpy(code, "\xb8\x01\x00\x00\x00\xc3", 6);
  printf("%d ", call());
  code[1] = 2;
  printf("%d ", call());
  mprotect(code, PAGE, PROT_READ | PROT_EXEC);
  printf("%d ", call());
  mprotect(code, PAGE, RW);
  code[1] = 7;
  mprotect(code, PAGE, PROT_READ | PROT_EXEC);
  printf("%d\n", call());
}

int main(void) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  pages();
  far();
  file();
  code_pages();
  char *frame = __builtin_frame_address(0);
  volatile char *deep = frame - 3 * 1024 * 1024;
  *deep = 1;
  printf("deep stack: %d\n", *deep);
  return 0;
}
