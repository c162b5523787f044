// The status is 139; the message on stderr is elfin's, natively the shell's.
// stderr: differs
int main(void) { return *(volatile int *)0x40; }
