// build: pie musl
// stderr: differs
// Endless recursion ends by SIGSEGV at the limit of the stack.
int deeper(volatile int *p) {
  volatile int big[100];
  big[0] = *p + 1;
  return deeper(big) + big[0];
}

int main(void) {
  volatile int start = 0;
  return deeper(&start);
}
