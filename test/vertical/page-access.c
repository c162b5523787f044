// Accesses to pages of every kind: which succeed, and what signal, code and address the others raise.
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf there;
static siginfo_t seen;
static uint64_t trap, error, ip;

static void fault(int signal, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  seen = *info;
  trap = uc->uc_mcontext.gregs[REG_TRAPNO];
  error = uc->uc_mcontext.gregs[REG_ERR];
  ip = uc->uc_mcontext.gregs[REG_RIP];
  siglongjmp(there, 1);
}

// Each access is one instruction at a label, so that a precise rip can be checked.
#define ACCESS(name, instruction)                                                                    \
  __attribute__((noinline)) static void name(char *p) {                                              \
    __asm__ volatile("movq %%rax, %%xmm0\n.globl at_" #name "\nat_" #name ": " instruction : : "r"(p), "a"(0x1122334455667788) : "memory", "xmm0", "rcx"); \
  }                                                                                                  \
  extern char at_##name[];

ACCESS(load1, "movb (%0), %%cl")
ACCESS(load4, "movl (%0), %%ecx")
ACCESS(load8, "movq (%0), %%rcx")
ACCESS(load16, "movdqu (%0), %%xmm0")
ACCESS(store1, "movb %%al, (%0)")
ACCESS(store2, "movw %%ax, (%0)")
ACCESS(store8, "movq %%rax, (%0)")
ACCESS(store16, "movdqu %%xmm0, (%0)")
ACCESS(add8, "addq $1, (%0)")
ACCESS(swap8, "xchgq %%rax, (%0)")
ACCESS(call, "call *%0")

// The last two read and write: which of these their error code tells is left out.
static const struct { const char *name; void (*run)(char *); char *at; } ACCESSES[] = {
  {"load1", load1, at_load1}, {"load4", load4, at_load4}, {"load8", load8, at_load8}, {"load16", load16, at_load16},
  {"store1", store1, at_store1}, {"store2", store2, at_store2}, {"store8", store8, at_store8}, {"store16", store16, at_store16},
  {"add8", add8, at_add8}, {"swap8", swap8, at_swap8},
};

static void one(const char *where, char *address, char *base, int i) {
  volatile int ok = 0;
  if (sigsetjmp(there, 1) == 0) {
    ACCESSES[i].run(address);
    ok = 1;
  }
  if (ok) printf("%s %s: done\n", where, ACCESSES[i].name);
  else if (seen.si_code == SI_KERNEL) printf("%s %s: signal %d code %d at %s\n", where, ACCESSES[i].name, seen.si_signo, seen.si_code, (char *)ip == ACCESSES[i].at ? "it" : "another");
  else printf("%s %s: signal %d code %d address %+ld trap %ld error %ld at %s\n", where, ACCESSES[i].name, seen.si_signo, seen.si_code,
              (long)((char *)seen.si_addr - base), (long)trap, (long)(i < 8 ? error : error & ~2), (char *)ip == ACCESSES[i].at ? "it" : "another");
}

static void all(const char *where, char *address, char *base) {
  for (unsigned i = 0; i < sizeof ACCESSES / sizeof *ACCESSES; i++) one(where, address, base, i);
}

static char *map(int protection, size_t pages) {
  return mmap(NULL, pages * 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void) {
  struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);

  all("null", NULL, NULL);
  all("null+4095", (char *)4095, NULL);
  all("low", (char *)0x8000, NULL);
  all("above 4 GiB", (char *)0x123456789000, NULL);
  all("just below 2^47", (char *)0x7ffffffff000, NULL);
  all("non-canonical", (char *)0x8000000000000000, NULL);
  all("non-canonical 2", (char *)0x1000000000000, NULL);
  all("kernel half", (char *)0xffffffff80000000, NULL);
  all("last bytes", (char *)-4, NULL);

  char *none = map(PROT_NONE, 1);
  all("PROT_NONE", none + 8, none);
  char *readable = map(PROT_READ, 1);
  all("read-only", readable + 8, readable);
  // Readable, writable and refused pages in a row, in each order.
  char *row = map(PROT_READ | PROT_WRITE, 4);
  mprotect(row + 4096, 4096, PROT_READ);
  mprotect(row + 12288, 4096, PROT_NONE);
  memset(row, 0xaa, 4096);
  memset(row + 8192, 0xbb, 4096);
  all("into read-only", row + 4095, row);
  all("out of read-only", row + 8191, row);
  all("into refused", row + 12287, row);
  all("up to refused", row + 12288 - 16, row);
  all("out of refused", row + 16383, row);
  // A store that faults on its second page writes nothing.
  int changed = 0;
  for (int i = 0; i < 8; i++) changed += (unsigned char)row[4088 + i] != 0xaa;
  printf("%d changed before read-only, %d before refused\n", changed, (unsigned char)row[12287] != 0xbb);

  int fd = open("short", O_RDWR | O_CREAT, 0600);
  char text[5000];
  memset(text, 't', sizeof text);
  write(fd, text, sizeof text);
  char *file = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *private = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  all("file", file + 4096, file);
  all("past the end in its page", file + 6000, file);
  printf("%d\n", private[7000]);
  all("a page past the end", file + 8192, file);
  all("into a page past the end", file + 8190, file);
  all("a private page past the end", private + 12288, private);
  ftruncate(fd, 100);
  all("after truncation", file + 4096, file);
  ftruncate(fd, 9000);
  all("after growth", file + 8192, file);
  munmap(file, 4096);
  all("unmapped", file, file);

  if (sigsetjmp(there, 1) == 0) call(row);
  printf("call: signal %d code %d address %+ld error %ld rip %+ld\n", seen.si_signo, seen.si_code, (long)((char *)seen.si_addr - row), (long)error, (long)((char *)ip - row));
  if (sigsetjmp(there, 1) == 0) call((char *)0x10);
  printf("call: signal %d code %d address %ld error %ld rip %ld\n", seen.si_signo, seen.si_code, (long)seen.si_addr, (long)error, (long)ip);

  // The same loops as any copy: interrupted half way, with the registers as far as they got.
  char *end = row + 12288;
  uint64_t from = (uint64_t)row, to = (uint64_t)(end - 100), count = 200;
  if (sigsetjmp(there, 1) == 0) __asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count) : : "memory");
  printf("rep movsb: address %+ld\n", (long)((char *)seen.si_addr - row));
  // Addresses that wrap in 32 bits must not reach what lies at their low half.
  char *target = row;
  for (unsigned long high = 0x100000000; high; high <<= 8) {
    volatile int reached = 0;
    if (sigsetjmp(there, 1) == 0) {
      *(volatile char *)((unsigned long)target + high) = 1;
      reached = 1;
    }
    printf("+%lx %d %d\n", high, reached, seen.si_signo);
  }
  return 0;
}
