// An interpreter by computed gotos: many indirect jumps by one table, calls and system calls between, operations that come up
// late, programs that change.
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PUSH, ADD, XOR, ROTATE, SWAP, STORE, LOAD, LOOP, CALL, INDIRECT, KERNEL, FLOAT, RARE, COPY, LONG, END, OPS };

static uint64_t memory[64];
static uint32_t seed = 12345;
static uint32_t next(void) { return seed = seed * 1664525 + 1013904223, seed >> 8; }

static __attribute__((noinline)) uint64_t mix(uint64_t x, uint64_t y) { return (x ^ y >> 7) * 0x9e3779b97f4a7c15ull + y; }
static __attribute__((noinline)) uint64_t odd(uint64_t x, uint64_t y) { return x & 1 ? mix(y, x) : x - y; }
static __attribute__((noinline)) uint64_t deep(uint64_t x, uint64_t y) { return x % 7 == 0 ? y : mix(deep(x - 1, y), x); }
static uint64_t (*const functions[])(uint64_t, uint64_t) = {mix, odd, deep};

static uint64_t run(const uint8_t *code, uint64_t a, uint64_t b) {
  static const void *const table[OPS] = {&&push, &&add, &&xor, &&rotate, &&swap, &&store, &&load, &&loop, &&call, &&indirect, &&kernel, &&real, &&rare, &&copy, &&wide, &&end};
  const uint8_t *pc = code;
  uint32_t turns = 0;
  double f = 1.5;
#define GO goto *table[*pc++]
  GO;
push: b = a, a = *pc++ * 0x0101010101ull; GO;
add: a += b; GO;
xor: a ^= b; GO;
rotate: a = a << 13 | a >> 51; GO;
swap: { uint64_t t = a; a = b, b = t; } GO;
store: memory[*pc++ & 63] = a; GO;
load: a += memory[*pc++ & 63]; GO;
loop: if (++turns < 30) pc = code; GO;
call: a = mix(a, b); GO;
indirect: a = functions[*pc++ % 3](a, b); GO;
kernel: if ((turns & 7) == 0) a += getppid() == getppid(); GO;
real: f = f * 1.0001 + (double)(a & 255); b += (uint64_t)f; GO;
rare: if (a & 64) a = ~a; else b += 3; GO;
copy: memmove(memory + 3, memory, 300); GO;
wide: a = (uint64_t)((unsigned __int128)a * b >> 31); GO;
end: return a ^ b << 1 ^ turns;
}

static volatile sig_atomic_t alarms;
static void onAlarm(int signal) { alarms++; }

int main(void) {
  signal(SIGALRM, onAlarm);
  for (int phase = 0; phase < 12; phase++) {
    uint8_t code[64];
    uint64_t a = phase, b = 77;
    for (int program = 0; program < 12; program++) {
      int length = 8 + next() % 40;
      // More kinds of operations from phase to phase.
      for (int i = 0; i < length; i++) code[i] = next() % (phase + 3 < END ? phase + 3 : END);
      // The last ones' operand, if they take one, and the way back.
      memcpy(code + length, "\x01\x01\x07\x0f", 5);
      for (int i = 0; i < 40; i++) a = run(code, a, b + i);
    }
    printf("phase %d: %016llx\n", phase, (unsigned long long)a);
    if (phase == 6) ualarm(20000, 1000);
    if (phase == 9) ualarm(0, 0);
  }
  for (int i = 0; i < 64; i++) seed ^= memory[i] >> (i & 31);
  printf("%08x %s\n", seed, alarms >= 0 ? "done" : "");
  return 0;
}
