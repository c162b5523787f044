// Shortest paths from a corner of a grid whose cells cost different amounts, with a binary heap.
#include "timing.h"
#include <string.h>

#define WIDTH 256
#define CELLS (WIDTH * WIDTH)
static uint8_t cost[CELLS];
static uint32_t distance[CELLS];
static struct entry {
  uint32_t distance, cell;
} heap[4 * CELLS];
static int size;

static void push(uint32_t far, uint32_t cell) {
  int at = size++;
  while (at > 0 && heap[(at - 1) / 2].distance > far) heap[at] = heap[(at - 1) / 2], at = (at - 1) / 2;
  heap[at] = (struct entry){far, cell};
}

static struct entry pop(void) {
  struct entry first = heap[0], last = heap[--size];
  int at = 0;
  for (int child; (child = 2 * at + 1) < size; at = child) {
    if (child + 1 < size && heap[child + 1].distance < heap[child].distance) child++;
    if (heap[child].distance >= last.distance) break;
    heap[at] = heap[child];
  }
  heap[at] = last;
  return first;
}

static void search(void) {
  memset(distance, 0xff, sizeof distance);
  distance[0] = 0, size = 0;
  push(0, 0);
  while (size > 0) {
    struct entry e = pop();
    if (e.distance > distance[e.cell]) continue;
    int x = e.cell % WIDTH, y = e.cell / WIDTH;
    const int steps[4][3] = {{x > 0, -1, 0}, {x < WIDTH - 1, 1, 0}, {y > 0, -WIDTH, 0}, {y < WIDTH - 1, WIDTH, 0}};
    for (int i = 0; i < 4; i++) {
      if (!steps[i][0]) continue;
      uint32_t to = e.cell + steps[i][1] + steps[i][2], far = e.distance + cost[to];
      if (far < distance[to]) distance[to] = far, push(far, to);
    }
  }
}

int main(int argc, char **argv) {
  long count = scaled(argv, 30);
  uint64_t seed = 3, sum = 0;
  long start = now();
  for (long i = 0; i < count; i++) {
    for (int cell = 0; cell < CELLS; cell++) cost[cell] = 1 + next_random(&seed) % 100;
    search();
    for (int cell = 0; cell < CELLS; cell += 97) sum = sum * 31 + distance[cell];
  }
  report("dijkstra", count, start);
  check("dijkstra", sum);
  return 0;
}
