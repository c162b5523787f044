// One thread waits for standard input while the other goes on: it says so, and only then does the input come.
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void *reader(void *unused) {
  char text[64];
  ssize_t length = read(0, text, sizeof text);
  printf("read %.*s", (int)length, text);
  fflush(stdout);
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, reader, NULL);
  for (int i = 0; i < 3; i++) {
    nanosleep(&(struct timespec){0, 10000000}, NULL);
    printf("tick\n");
    fflush(stdout);
  }
  pthread_join(thread, NULL);
  return 0;
}
