// SHA-256 (FIPS 180-4) over a buffer, in plain C.
#include "timing.h"
#include <string.h>

static uint32_t k[64];
static const uint32_t INITIAL[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/** The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static void make_constants(void) {
  int found = 0;
  for (unsigned p = 2; found < 64; p++) {
    int prime = 1;
    for (unsigned d = 2; d * d <= p; d++) prime &= p % d != 0;
    if (!prime) continue;
    // The largest root with root^3 <= p * 2^96, by bits.
    unsigned __int128 root = 0;
    for (int bit = 35; bit >= 0; bit--) {
      unsigned __int128 next = root | (unsigned __int128)1 << bit;
      if (next * next * next <= (unsigned __int128)p << 96) root = next;
    }
    k[found++] = (uint32_t)root;
  }
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(uint32_t state[8], const uint8_t *data) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++) w[i] = data[4 * i] << 24 | data[4 * i + 1] << 16 | data[4 * i + 2] << 8 | data[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
  }
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i++) {
    uint32_t one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
    uint32_t two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

int main(int argc, char **argv) {
  static uint8_t data[1 << 16];
  uint32_t state[8];
  uint64_t seed = 1;
  make_constants();
  for (size_t i = 0; i < sizeof data; i++) data[i] = next_random(&seed);
  memcpy(state, INITIAL, sizeof state);
  long count = scaled(argv, 1000);
  long start = now();
  for (long i = 0; i < count; i++)
    for (size_t at = 0; at < sizeof data; at += 64) block(state, data + at);
  report("sha256", count, start);
  check("sha256", (uint64_t)state[0] << 32 | state[7]);
  return 0;
}
