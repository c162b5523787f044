// Bodies that attract each other, symplectic Euler steps in double precision.
#include "timing.h"
#include <math.h>
#include <string.h>

#define BODIES 5
static double position[BODIES][3], velocity[BODIES][3], mass[BODIES];

static void advance(double dt) {
  for (int i = 0; i < BODIES; i++)
    for (int j = i + 1; j < BODIES; j++) {
      double d[3], square = 0;
      for (int k = 0; k < 3; k++) d[k] = position[i][k] - position[j][k], square += d[k] * d[k];
      double strength = dt / (square * sqrt(square));
      for (int k = 0; k < 3; k++) {
        velocity[i][k] -= d[k] * mass[j] * strength;
        velocity[j][k] += d[k] * mass[i] * strength;
      }
    }
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++) position[i][k] += dt * velocity[i][k];
}

int main(int argc, char **argv) {
  for (int i = 0; i < BODIES; i++) {
    mass[i] = i == 0 ? 40 : 0.04 / i;
    for (int k = 0; k < 3; k++) position[i][k] = i * (k == 0 ? 5 : 0.3 * k), velocity[i][k] = i && k == 1 ? 2.8 / sqrt(i) : 0.01 * i;
  }
  long count = scaled(argv, 1600000);
  long start = now();
  for (long i = 0; i < count; i++) advance(0.001);
  report("nbody", count, start);
  uint64_t bits, sum = 0;
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++) memcpy(&bits, &position[i][k], 8), sum = sum * 31 + bits;
  check("nbody", sum);
  return 0;
}
