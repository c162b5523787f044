// build: pie nopie
// Opening libm while running, symbols that are missing, libraries that are missing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

int main(void) {
  void *libm = dlopen("libm.so.6", RTLD_LAZY);
  if (!libm) return puts(dlerror()), 1;
  double (*cosine)(double) = (double (*)(double))dlsym(libm, "cos");
  double (*power)(double, double) = (double (*)(double, double))dlsym(libm, "pow");
  printf("%.17g %.17g\n", cosine(1), power(2, 0.5));
  printf("%p ", dlsym(libm, "no_such_symbol"));
  puts(dlerror() ? "error" : "no error");
  printf("%p\n", dlopen("libnosuch.so.1", RTLD_NOW));
  puts(dlerror());
  Dl_info info;
  int known = dladdr(cosine, &info);
  printf("%d %s %s\n", known, info.dli_fname, info.dli_sname);
  return dlclose(libm);
}
