// with: libraries/tls.c
// Thread-local variables of the program and of a library that is opened while it runs.
#include <dlfcn.h>
#include <stdio.h>

static __thread int counter = 5;
static __thread char zeroed[100];
__thread struct { long a, b; } aligned __attribute__((aligned(64))) = {1, 2};

int main(int argc, char **argv) {
  counter++;
  zeroed[99] = 3;
  printf("%d %d %ld %ld %lu\n", counter, zeroed[99] + zeroed[0], aligned.a, aligned.b, (unsigned long)&aligned % 64);
  void *library = dlopen(argv[argc - 1], RTLD_NOW);
  if (!library) return puts(dlerror()), 1;
  int (*next)(int) = (int (*)(int))dlsym(library, "library_next");
  for (int i = 0; i < 5; i++) printf("%d ", next(i));
  int *theirs = dlsym(library, "library_counter");
  printf("\n%d\n", *theirs);
  return dlclose(library);
}
