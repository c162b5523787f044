// A byte-oriented LZ77 compressor with a hash table of positions, and its decompressor, over text of a small vocabulary.
#include "timing.h"
#include <string.h>

#define SIZE (1 << 20)
#define HASH_BITS 14
static uint8_t text[SIZE + 8], packed[2 * SIZE], unpacked[SIZE + 8];
static int32_t heads[1 << HASH_BITS];

static void write_text(void) {
  uint64_t seed = 7;
  char words[512][12];
  for (int i = 0; i < 512; i++) {
    int length = 2 + next_random(&seed) % 9;
    for (int j = 0; j < length; j++) words[i][j] = 'a' + next_random(&seed) % 26;
    words[i][length] = 0;
  }
  for (int at = 0; at < SIZE;) {
    uint32_t x = next_random(&seed);
    const char *word = words[(x & 511) & (x >> 9)];
    while (*word && at < SIZE) text[at++] = *word++;
    if (at < SIZE) text[at++] = x >> 28 ? ' ' : '\n';
  }
}

static uint32_t word_at(const uint8_t *p) {
  uint32_t x;
  memcpy(&x, p, 4);
  return x;
}

static uint8_t *write_count(uint8_t *out, int n) {
  for (; n >= 255; n -= 255) *out++ = 255;
  *out++ = n;
  return out;
}

/** Pieces of: count of literals, literals, count of a match less 4, distance in two bytes. */
static int compress(void) {
  uint8_t *out = packed;
  int from = 0, at = 0;
  memset(heads, -1, sizeof heads);
  while (at + 4 < SIZE) {
    uint32_t hash = word_at(text + at) * 2654435761u >> (32 - HASH_BITS);
    int match = heads[hash];
    heads[hash] = at;
    if (match < 0 || at - match > 65535 || word_at(text + match) != word_at(text + at)) {
      at++;
      continue;
    }
    int length = 4;
    while (at + length < SIZE && text[match + length] == text[at + length]) length++;
    out = write_count(out, at - from);
    memcpy(out, text + from, at - from);
    out = write_count(out + (at - from), length - 4);
    *out++ = (at - match) & 255, *out++ = (at - match) >> 8;
    from = at += length;
  }
  out = write_count(out, SIZE - from);
  memcpy(out, text + from, SIZE - from);
  return out + (SIZE - from) - packed;
}

static int decompress(int size) {
  const uint8_t *in = packed, *end = packed + size;
  uint8_t *out = unpacked;
  for (;;) {
    int count = 0, byte;
    do count += byte = *in++;
    while (byte == 255);
    for (int i = 0; i < count; i++) *out++ = *in++;
    if (in >= end) return out - unpacked;
    count = 4;
    do count += byte = *in++;
    while (byte == 255);
    const uint8_t *match = out - (in[0] | in[1] << 8);
    in += 2;
    for (int i = 0; i < count; i++) *out++ = *match++;
  }
}

int main(int argc, char **argv) {
  write_text();
  long count = scaled(argv, 30);
  uint64_t sum = 0;
  long start = now();
  for (long i = 0; i < count; i++) {
    int size = compress();
    if (decompress(size) != SIZE || memcmp(text, unpacked, SIZE) != 0) return 1;
    sum = sum * 31 + size;
    text[i % SIZE] ^= 1;
  }
  report("lz", count, start);
  check("lz", sum);
  return 0;
}
