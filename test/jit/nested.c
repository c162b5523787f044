// Functions that are called seldom, from code that is hot: they change that code, do not return to it, or go deep.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define SEVERAL(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
typedef long function(long);

static unsigned char *page;

// push rbx; call rdi; mov eax, 0; pop rbx; ret
static const unsigned char CALLER[] = {0x53, 0xff, 0xd7, 0xb8, 0, 0, 0, 0, 0x5b, 0xc3};
enum { NUMBER = 4 };
static int call(void (*callee)(void)) { return ((int (*)(void (*)(void)))page)(callee); }

__attribute__((noinline)) static void nothing(void) { asm volatile(""); }
static int wanted;
/** Stores into the function that calls it, behind the call. */
#define STORES(n) \
  __attribute__((noinline)) static void stores##n(void) { memcpy(page + NUMBER, &(int){wanted = 1000 + n}, 4); }
SEVERAL(STORES)
/** As a just-in-time compiler without pages that are writable and executable. */
#define PROTECTS(n)                                          \
  __attribute__((noinline)) static void protects##n(void) {  \
    mprotect(page, 4096, PROT_READ | PROT_WRITE);            \
    memcpy(page + NUMBER, &(int){wanted = 2000 + n}, 4);     \
    mprotect(page, 4096, PROT_READ | PROT_EXEC);             \
  }
SEVERAL(PROTECTS)
#define NAME(n) stores##n,
static void (*const storing[])(void) = {SEVERAL(NAME)};
#undef NAME
#define NAME(n) protects##n,
static void (*const protecting[])(void) = {SEVERAL(NAME)};
#undef NAME

static void changed(const char *what, void (*const *functions)(void)) {
  int wrong = 0;
  long sum = 0;
  for (int i = 0; i < 16; i++) {
    for (int j = 0; j < 3000; j++) sum += call(nothing);
    if (call(functions[i]) != wanted) wrong++;
    for (int j = 0; j < 10; j++)
      if (call(nothing) != wanted) wrong++;
  }
  printf("%s: %d wrong, sum %ld\n", what, wrong, sum);
}

/** Two hundred thousand frames, hot ones and seldom ones in turn. */
static function *const seldom[];
__attribute__((noinline)) static long hot(long depth) { return depth > 0 ? seldom[depth % 16](depth - 1) * 3 + depth : 1; }
#define DEEP(n) \
  __attribute__((noinline)) static long deep##n(long depth) { return (hot(depth) ^ n) + (depth & 7); }
SEVERAL(DEEP)
#define NAME(n) deep##n,
static function *const seldom[] = {SEVERAL(NAME)};
#undef NAME

static jmp_buf back;
static int left;
/** Calls itself, and jumps out of all that now and then. */
__attribute__((noinline, noclone, optimize("no-optimize-sibling-calls"))) static long down(long depth, long i) {
  if (depth > 0) return down(depth - 1, i) * 3 + depth;
  if (i % 3 == 0) longjmp(back, 1 + i % 100);
  return i;
}
__attribute__((noinline)) static long jumps(long i) {
  if (i % 7 == 0) longjmp(back, 1 + i % 100);
  return i;
}
__attribute__((noinline)) static long busy(long i) {
  long sum = i;
  for (int j = 0; j < 5; j++) sum += sum >> 3 ^ j;
  if (i % 40 == 0) sum += jumps(i);
  return sum;
}

static volatile long signals;
static void handler(int signal) { signals += signal; }
__attribute__((noinline)) static long raises(long i) {
  raise(SIGUSR1);
  return signals ^ i;
}

static ucontext_t here, there;
static long passed;
static void coroutine(void) {
  for (;;) {
    passed = passed * 5 + 1;
    swapcontext(&there, &here);
  }
}
__attribute__((noinline)) static long switches(long i) {
  swapcontext(&here, &there);
  return passed ^ i;
}

/** Returns to its caller's caller. */
long skips(long i);
asm("skips: lea (%rdi,%rdi,2), %rax\n add $8, %rsp\n pop %rbx\n ret");
/** Keeps rbx as `skips` takes it. */
long through(function *callee, long i);
asm("through: push %rbx\n mov %rdi, %rax\n mov %rsi, %rdi\n call *%rax\n add $1, %rax\n pop %rbx\n ret");
__attribute__((noinline)) static long plain(long i) { return i + 1; }

int main(void) {
  page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(page, CALLER, sizeof CALLER);
  changed("stores", storing);
  changed("protects", protecting);

  long sum = 0;
  for (int i = 0; i < 20000; i++) sum += hot(3);
  for (int i = 0; i < 3; i++) sum ^= hot(200000 + i);
  printf("deep: %ld\n", sum);

  sum = 0;
  for (volatile long i = 0; i < 30000; i++) {
    left = setjmp(back);
    if (left) sum += left;
    else sum += busy(i);
  }
  printf("longjmp: %ld\n", sum);

  sum = 0;
  for (volatile long i = 0; i < 3000; i++) {
    left = setjmp(back);
    sum += left ? left : down(i % 400, i);
  }
  for (int i = 0; i < 3; i++) sum ^= down(300000, 3 * i + 1);
  printf("itself: %ld\n", sum);

  stack_t alternate = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  sigaltstack(&alternate, 0);
  sigaction(SIGUSR1, &(struct sigaction){.sa_handler = handler, .sa_flags = SA_ONSTACK}, 0);
  sum = 0;
  for (long i = 0; i < 30000; i++) sum += i % 200 ? plain(i) : raises(i);
  printf("signals: %ld %ld\n", sum, signals);

  // Above the stack of main, or below it.
  static char stack[1 << 16];
  getcontext(&there);
  there.uc_stack.ss_sp = stack;
  there.uc_stack.ss_size = sizeof stack;
  makecontext(&there, coroutine, 0);
  sum = 0;
  for (long i = 0; i < 30000; i++) sum += i % 200 ? plain(i) : switches(i);
  printf("contexts: %ld\n", sum);

  sum = 0;
  for (long i = 0; i < 30000; i++) sum += through(i % 50 ? plain : skips, i);
  printf("skips: %ld\n", sum);
  return 0;
}
