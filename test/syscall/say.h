// What the small programs of this folder share: printing a call with its result, and the headers they need.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/** The call, its result and the name of its errno. */
#define SAY(call) \
  do { \
    errno = 0; \
    long say_result = (long)(call); \
    printf("%s = %ld %s\n", #call, say_result, say_result == -1 && errno ? strerrorname_np(errno) : ""); \
    fflush(stdout); \
  } while (0)

/** The poll bits of a descriptor that hold now. */
__attribute__((unused)) static int ready(int fd) {
  struct pollfd it = {fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
  poll(&it, 1, 0);
  return it.revents;
}

/** A descriptor of a new file with some text, at its start. */
__attribute__((unused)) static int file_with(const char *name, const char *text) {
  int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
  write(fd, text, strlen(text));
  lseek(fd, 0, SEEK_SET);
  return fd;
}

/** Waits for a child and prints how it ended. */
__attribute__((unused)) static void reap(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFSIGNALED(status)) printf("child killed by %d\n", WTERMSIG(status));
  else printf("child exited with %d\n", WEXITSTATUS(status));
  fflush(stdout);
}

__attribute__((unused)) static void sleep_ms(int ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
  nanosleep(&t, 0);
}
