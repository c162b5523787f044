// cpu: x86-64-v2
// flags: -O1 -fno-builtin
// The same with what glibc chooses at that level.
#include "string-edges.c"
