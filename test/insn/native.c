// Runs instruction cases on the real CPU: native CASES RESULTS. See cases.ts for both record formats.
//
// A case is entered through the kernel: a signal handler puts its registers into its own frame and returns, and whatever
// ends the case (the trap after it, or a fault) comes back as a signal with all registers in the frame. Each case may
// damage the process it runs in, so that a child runs them and the parent replaces a child that died. A filter lets the child
// make only the system calls that this takes, and none from the code of a case: such a call is a SIGSYS.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE 0x10000000ul
#define DATA 0x20000000ul
#define PAGE 4096ul
#define DATA_PAGES 3
#define MOST_DEATHS 100

struct record {
  uint32_t length, signal, vector, error;
  uint64_t address, rip, rflags, gpr[16];
  uint8_t fx[512], high[256], code[32], data[DATA_PAGES * PAGE];
};

static const int REGISTERS[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                  REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGALRM};

static const struct record *in;
static struct record out;
static struct record *results;
static volatile uint32_t *done;
static uint32_t count;
static gregset_t home;
static uint8_t homeFx[512];
static unsigned long fsBase;
static volatile int inside;

// The pages of a case, writable whatever they are where the case sees them: code, then data.
static uint8_t *pages;
static int memory;

static void *map(unsigned long address, size_t size, int protection, off_t offset) {
  void *p = mmap((void *)address, size, protection, MAP_SHARED | (address ? MAP_FIXED_NOREPLACE : 0), memory, offset);
  if (p == MAP_FAILED) { perror("mmap"); exit(2); }
  return p;
}

// The upper halves of ymm0..15 stand behind the XSAVE header where the kernel says so (standard format, leaf 0xD).
static uint8_t *highHalves(uint8_t *fx) {
  uint32_t magic;
  memcpy(&magic, fx + 464, 4);
  return magic == 0x46505853 ? fx + 576 : NULL;
}

static inline __attribute__((always_inline)) void setBases(unsigned long fs) {
  unsigned long ignored;
  __asm__ volatile("syscall" : "=a"(ignored) : "a"(SYS_arch_prctl), "D"(0x1001), "S"(0) : "rcx", "r11", "memory");
  __asm__ volatile("syscall" : "=a"(ignored) : "a"(SYS_arch_prctl), "D"(0x1002), "S"(fs) : "rcx", "r11", "memory");
}

__attribute__((no_stack_protector)) static void enter(int signal, siginfo_t *info, void *frame) {
  (void)signal, (void)info;
  ucontext_t *context = frame;
  uint8_t *fx = (uint8_t *)context->uc_mcontext.fpregs;
  memcpy(home, context->uc_mcontext.gregs, sizeof home);
  memcpy(homeFx, fx, 32);
  for (int i = 0; i < 16; i++) context->uc_mcontext.gregs[REGISTERS[i]] = in->gpr[i];
  context->uc_mcontext.gregs[REG_RIP] = in->rip;
  context->uc_mcontext.gregs[REG_EFL] = in->rflags;
  memcpy(fx, in->fx, 416);
  uint8_t *high = highHalves(fx);
  if (high) {
    *(uint64_t *)(fx + 512) |= 7;
    memcpy(high, in->high, 256);
  }
  // Last of all: the C library's thread area is out of reach with it.
  setBases(0);
  inside = 1;
}

__attribute__((no_stack_protector)) static void leave(int signal, siginfo_t *info, void *frame) {
  (void)info;
  setBases(fsBase);
  if (!inside) _exit(3);
  inside = 0;
  ucontext_t *context = frame;
  uint8_t *fx = (uint8_t *)context->uc_mcontext.fpregs;
  out.signal = signal;
  out.vector = context->uc_mcontext.gregs[REG_TRAPNO];
  out.error = context->uc_mcontext.gregs[REG_ERR];
  out.address = context->uc_mcontext.gregs[REG_CR2];
  out.rip = context->uc_mcontext.gregs[REG_RIP];
  out.rflags = context->uc_mcontext.gregs[REG_EFL];
  for (int i = 0; i < 16; i++) out.gpr[i] = context->uc_mcontext.gregs[REGISTERS[i]];
  memcpy(out.fx, fx, 416);
  memset(out.high, 0, 256);
  uint8_t *high = highHalves(fx);
  if (high && (*(uint64_t *)(fx + 512) & 4)) memcpy(out.high, high, 256);
  // A component in its initial state is not stored.
  if (high && !(*(uint64_t *)(fx + 512) & 2)) memset(out.fx + 160, 0, 256);
  if (high && !(*(uint64_t *)(fx + 512) & 1)) {
    memset(out.fx + 32, 0, 128);
    memset(out.fx, 0, 24);
    out.fx[0] = 0x7f, out.fx[1] = 0x03;
  }
  memcpy(context->uc_mcontext.gregs, home, sizeof home);
  memcpy(fx, homeFx, 32);
}

static void run(uint32_t index) {
  memset(pages, 0xcc, PAGE);
  memcpy(pages + (in->rip - CODE), in->code, in->length);
  memcpy(pages + PAGE, in->data, sizeof in->data);
  out = *in;
  // NT and ID are not part of what a signal frame sets: a case inherits them from here.
  __asm__ volatile("pushfq; andq $~0x204000, (%%rsp); popfq" ::: "cc", "memory");
  struct itimerval limit = {.it_value = {.tv_usec = 200000}}, off = {0};
  setitimer(ITIMER_REAL, &limit, NULL);
  raise(SIGUSR1);
  setitimer(ITIMER_REAL, &off, NULL);
  memcpy(out.data, (void *)DATA, sizeof out.data);
  results[index] = out;
}

static void filter(void) {
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF_NOT(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define TRAP BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
  struct sock_filter code[] = {
      LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0), TRAP,
      LOAD(instruction_pointer), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffff0000), IF_NOT(CODE, 1), TRAP,
      LOAD(nr),
      ALLOW(rt_sigreturn), ALLOW(arch_prctl), ALLOW(setitimer), ALLOW(tgkill), ALLOW(gettid), ALLOW(getpid),
      ALLOW(rt_sigprocmask), ALLOW(exit_group), TRAP};
  struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
    perror("seccomp");
    _exit(4);
  }
}

static void child(const struct record *cases) {
  static uint8_t stack[65536] __attribute__((aligned(64)));
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  syscall(SYS_arch_prctl, 0x1003, &fsBase);
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < 6; i++) sigdelset(&action.sa_mask, SIGNALS[i]);
  action.sa_sigaction = enter;
  sigaction(SIGUSR1, &action, NULL);
  action.sa_sigaction = leave;
  for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) sigaction(SIGNALS[i], &action, NULL);
  memory = memfd_create("case", 0);
  if (memory < 0 || ftruncate(memory, (1 + DATA_PAGES) * PAGE)) { perror("memfd"); exit(2); }
  pages = map(0, (1 + DATA_PAGES) * PAGE, PROT_READ | PROT_WRITE, 0);
  map(CODE, PAGE, PROT_READ | PROT_EXEC, 0);
  map(DATA, (DATA_PAGES - 1) * PAGE, PROT_READ | PROT_WRITE, PAGE);
  map(DATA + (DATA_PAGES - 1) * PAGE, PAGE, PROT_READ, DATA_PAGES * PAGE);
  filter();
  while (*done < count) {
    in = &cases[*done];
    run(*done);
    ++*done;
  }
  _exit(0);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  // The number of the CPU, as lsl shows it, is elfin's: 0.
  cpu_set_t first;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  sched_setaffinity(0, sizeof first, &first);
  int source = open(argv[1], O_RDONLY), target = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0666);
  struct stat info;
  if (source < 0 || target < 0 || fstat(source, &info)) { perror("native"); return 2; }
  count = info.st_size / sizeof(struct record);
  if (!count) return 0;
  size_t size = count * sizeof(struct record);
  if (ftruncate(target, size)) return 2;
  const struct record *cases = mmap(NULL, size, PROT_READ, MAP_SHARED, source, 0);
  results = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, target, 0);
  done = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (int deaths = 0; *done < count;) {
    uint32_t first = *done;
    pid_t pid = fork();
    if (pid < 0) { perror("fork"); return 2; }
    if (!pid) child(cases);
    int status;
    waitpid(pid, &status, 0);
    if (*done == count) break;
    deaths = *done == first ? deaths + 1 : 1;
    // So many cannot be the cases' doing.
    if (deaths > MOST_DEATHS) { fprintf(stderr, "%d children in a row died, the last with status %x\n", deaths, status); return 2; }
    results[*done].signal = 0xffff;
    ++*done;
  }
  return 0;
}
