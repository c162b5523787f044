// cpu: x86-64-v3
// flags: -O2 -march=x86-64-v3 -frounding-math -lm
// The same with AVX and FMA.
#include "fenv.c"
