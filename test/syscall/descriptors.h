// Descriptors of every kind, and none, for calls that take one.
#pragma once
#include "say.h"
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
static int descriptor_other;
static int descriptor_of(int kind) {
  int v[2];
  sigset_t none;
  sigemptyset(&none);
  descriptor_other = -1;
  switch (kind) {
    case 0: return -1;
    case 1: return 50;
    case 2: return open("f", O_PATH);
    case 3: return open("f", O_RDONLY);
    case 4: return open("f", O_WRONLY);
    case 5: return open("f", O_RDWR | O_APPEND);
    case 6: return open(".", O_RDONLY | O_DIRECTORY);
    case 7: pipe2(v, O_NONBLOCK); descriptor_other = v[1]; return v[0];
    case 8: pipe2(v, O_NONBLOCK); descriptor_other = v[0]; return v[1];
    case 9: return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    case 10: socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, v); descriptor_other = v[1]; return v[0];
    case 11: return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    case 12: return socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    case 13: return epoll_create1(0);
    case 14: return eventfd(0, EFD_NONBLOCK);
    case 15: return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    case 16: return signalfd(-1, &none, SFD_NONBLOCK);
    case 17: return inotify_init1(IN_NONBLOCK);
    case 18: return memfd_create("m", 0);
    case 19: return open("/dev/null", O_RDWR);
    default: return open("/dev/zero", O_RDWR);
  }
}
static const char *const descriptor_names[] = {
  "-1", "closed", "O_PATH", "file to read", "file to write", "file to append", "directory", "pipe's end to read",
  "pipe's end to write", "unix socket", "unix pair", "tcp socket", "udp socket", "epoll", "eventfd", "timerfd", "signalfd",
  "inotify", "memfd", "/dev/null", "/dev/zero",
};
/** The call with `fd` of each kind. */
#define DESCRIPTORS(call) \
  for (int kind = 0; kind < (int)(sizeof descriptor_names / sizeof *descriptor_names); kind++) { \
    close(file_with("f", "some text")); \
    int fd = descriptor_of(kind); \
    errno = 0; \
    long fd_result = (long)(call); \
    printf("%s, %s: %ld %s\n", #call, descriptor_names[kind], fd_result, fd_result == -1 ? strerrorname_np(errno) : ""); \
    if (fd > 2) close(fd); \
    if (descriptor_other > 2) close(descriptor_other); \
  }
