// A shared library for tls.c: not a case of its own.
__thread int library_counter = 100;
__thread char library_bss[5000];

int library_next(int i) {
  library_bss[i] += i;
  return library_counter++ + library_bss[i];
}
