// How long points of the plane stay near the origin under z^2 + c, in double precision.
#include "timing.h"

#define SIDE 400
#define MOST 100

int main(int argc, char **argv) {
  long count = scaled(argv, 12);
  uint64_t sum = 0;
  long start = now();
  for (long round = 0; round < count; round++)
    for (int py = 0; py < SIDE; py++)
      for (int px = 0; px < SIDE; px++) {
        double cx = 3.0 * px / SIDE - 2.1, cy = 2.4 * py / SIDE - 1.2 + round * 1e-6, x = 0, y = 0;
        int steps = 0;
        while (steps < MOST && x * x + y * y < 4) {
          double t = x * x - y * y + cx;
          y = 2 * x * y + cy;
          x = t;
          steps++;
        }
        sum += steps;
      }
  report("mandelbrot", count, start);
  check("mandelbrot", sum);
  return 0;
}
