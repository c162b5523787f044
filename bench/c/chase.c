// A walk through memory in which each load's address comes from the load before: 256 KiB of nodes in random order.
#include "timing.h"

#define NODES 4096
static struct node {
  struct node *next;
  uint64_t value, rest[6];
} nodes[NODES];

int main(int argc, char **argv) {
  static int order[NODES];
  uint64_t seed = 13, sum = 0;
  for (int i = 0; i < NODES; i++) order[i] = i;
  for (int i = NODES - 1; i > 0; i--) {
    int j = next_random(&seed) % (i + 1), x = order[i];
    order[i] = order[j], order[j] = x;
  }
  for (int i = 0; i < NODES; i++) nodes[order[i]].next = &nodes[order[(i + 1) % NODES]], nodes[i].value = i;
  long count = scaled(argv, 40000000);
  const struct node *at = nodes;
  long start = now();
  for (long i = 0; i < count; i++) sum = sum * 3 + at->value, at = at->next;
  report("chase", count, start);
  check("chase", sum);
  return 0;
}
