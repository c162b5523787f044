// An integer mix of the kind that embedded benchmarks use: lists that are searched and sorted, small matrices, a state machine
// over text, checksums. All parts depend on each other through a checksum.
#include "timing.h"
#include <string.h>

static uint16_t crc(uint16_t value, uint16_t sum) {
  for (int i = 0; i < 16; i++) {
    int carry = (value ^ sum) & 1;
    sum >>= 1;
    if (carry) sum ^= 0xa001;
    value >>= 1;
  }
  return sum;
}

// Lists

struct node {
  struct node *next;
  int16_t key, value;
};

#define NODES 60
static struct node nodes[NODES];

static struct node *make_list(uint32_t seed) {
  for (int i = 0; i < NODES; i++) {
    seed = seed * 1664525 + 1013904223;
    nodes[i] = (struct node){i + 1 < NODES ? &nodes[i + 1] : NULL, seed >> 17, i};
  }
  return nodes;
}

static int by_key(const struct node *a, const struct node *b) { return a->key - b->key; }
static int by_value(const struct node *a, const struct node *b) { return a->value - b->value; }

// Merge sort from the bottom up.
static struct node *sort(struct node *list, int (*compare)(const struct node *, const struct node *)) {
  for (int width = 1;; width *= 2) {
    struct node *p = list, *tail = NULL;
    int merges = 0;
    list = NULL;
    while (p) {
      struct node *q = p;
      int psize = 0, qsize = width;
      merges++;
      while (q && psize < width) psize++, q = q->next;
      while (psize > 0 || (qsize > 0 && q)) {
        struct node *e;
        if (psize == 0 || (qsize > 0 && q && compare(q, p) < 0)) e = q, q = q->next, qsize--;
        else e = p, p = p->next, psize--;
        if (tail) tail->next = e;
        else list = e;
        tail = e;
      }
      p = q;
    }
    if (tail) tail->next = NULL;
    if (merges <= 1) return list;
  }
}

static struct node *reverse(struct node *list) {
  struct node *done = NULL;
  while (list) {
    struct node *next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}

static uint16_t lists(uint16_t sum) {
  struct node *list = make_list(sum);
  int found = 0;
  for (int wanted = 0; wanted < 40; wanted++) {
    for (struct node *n = list; n; n = n->next)
      if ((n->key & 63) == wanted) {
        found += n->value;
        break;
      }
    list = reverse(list);
  }
  list = sort(list, by_key);
  for (struct node *n = list; n; n = n->next) sum = crc(n->key, sum);
  list = sort(list, by_value);
  return crc(found, crc(list->key, sum));
}

// Matrices

#define N 20
static int16_t a[N][N], b[N][N];
static int32_t c[N][N];

static uint16_t matrices(uint16_t sum) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) a[i][j] = (sum + i * 7 + j * 3) & 0xff, b[i][j] = (sum ^ (i * 5 + j)) & 0xff;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      int32_t total = 0;
      for (int k = 0; k < N; k++) total += a[i][k] * b[k][j];
      c[i][j] = total;
    }
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      int32_t bits = 0;
      for (int k = 0; k < N; k++) bits += ((a[i][k] * b[k][j] >> 2) & 15) * ((a[i][k] * b[k][j] >> 5) & 127);
      c[i][j] ^= bits;
    }
  int32_t last = 0, ordered = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      ordered += c[i][j] > last ? 10 : c[i][j] < last ? -1 : 0;
      last = c[i][j];
    }
  return crc(ordered, crc(last, sum));
}

// A state machine that tells kinds of numbers apart

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, POWER, INVALID, STATES };
static const char *const TEXTS[] = {"5012", "1234", "-874", "+122", "35.54400", ".1234500", "-110.700", "+0.64400", "5.500e+3", "-.123e-2", "-87e+832", "+0.6e-12", "T0.3e-1F", "-T.T++Tq", "1T3.4e4z", "34.0e-T^"};

static enum state step(enum state state, char at) {
  int digit = at >= '0' && at <= '9';
  switch (state) {
    case START: return digit ? INTEGER : at == '+' || at == '-' ? SIGN : at == '.' ? POINT : INVALID;
    case SIGN: return digit ? INTEGER : at == '.' ? POINT : INVALID;
    case INTEGER: return digit ? INTEGER : at == '.' ? FRACTION : at == 'e' ? EXPONENT : INVALID;
    case POINT: return digit ? FRACTION : INVALID;
    case FRACTION: return digit ? FRACTION : at == 'e' ? EXPONENT : INVALID;
    case EXPONENT: return at == '+' || at == '-' || digit ? POWER : INVALID;
    case POWER: return digit ? POWER : INVALID;
    default: return INVALID;
  }
}

static uint16_t states(uint16_t sum) {
  static char text[1000];
  unsigned counts[STATES] = {0};
  int length = 0;
  for (unsigned i = sum; length < 900; i++) {
    const char *next = TEXTS[i % 16];
    int size = strlen(next);
    memcpy(text + length, next, size);
    text[length + size] = ',';
    length += size + 1;
  }
  for (int pass = 0; pass < 16; pass++) {
    enum state state = START;
    for (int i = 0; i < length; i++) {
      if (text[i] == ',') counts[state]++, state = START;
      else state = step(state, text[i]);
    }
    for (int i = pass; i < length; i += 37)
      if (text[i] != ',') text[i] ^= sum & 1;
  }
  for (int i = 0; i < STATES; i++) sum = crc(counts[i], sum);
  return sum;
}

int main(int argc, char **argv) {
  long iterations = scaled(argv, 3000);
  uint16_t sum = 0;
  long start = now();
  for (long i = 0; i < iterations; i++) sum = states(matrices(lists(sum)));
  report("mix", iterations, start);
  check("mix", sum);
  return 0;
}
