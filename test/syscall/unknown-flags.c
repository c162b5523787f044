// Flags that do not exist, of calls that make descriptors or take some.
#include "say.h"
int main(void) {
  long none = 0;
  int p[2];
  SAY(syscall(SYS_eventfd2, 0, 1));
  SAY(syscall(SYS_signalfd4, -1, &none, 8L, 1));
  SAY(syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 1));
  SAY(syscall(SYS_epoll_create1, 1));
  SAY(syscall(SYS_inotify_init1, 1));
  SAY(syscall(SYS_pipe2, p, 1));
  SAY(syscall(SYS_dup3, 0, 9, 1));
  SAY(syscall(SYS_memfd_create, "m", 0x100));
  SAY(syscall(SYS_pidfd_open, getpid(), 1));
  SAY(syscall(SYS_accept4, 0, 0L, 0L, 1));
  SAY(syscall(SYS_unlinkat, AT_FDCWD, "x", 1));
  SAY(syscall(SYS_linkat, AT_FDCWD, "x", AT_FDCWD, "y", 1));
  SAY(syscall(SYS_fchownat, AT_FDCWD, ".", 0, 0, 1));
  SAY(syscall(SYS_newfstatat, AT_FDCWD, ".", &none, 1));
  SAY(syscall(SYS_utimensat, AT_FDCWD, ".", 0L, 1));
  SAY(syscall(SYS_faccessat2, AT_FDCWD, ".", 0, 1));
  SAY(syscall(SYS_renameat2, AT_FDCWD, ".", AT_FDCWD, "x", 64));
  SAY(syscall(SYS_getrandom, &none, 8L, 64));
  SAY(syscall(SYS_copy_file_range, 0, 0L, 1, 0L, 1L, 1));
  SAY(syscall(SYS_socket, AF_UNIX, SOCK_STREAM | 0x100, 0));
  SAY(syscall(SYS_msync, 4096L, 4096L, 64));
  SAY(syscall(SYS_mremap, 4096L, 4096L, 4096L, 64));
  SAY(syscall(SYS_inotify_add_watch, syscall(SYS_inotify_init1, 0), ".", 0));
  SAY(syscall(SYS_sync_file_range, 0, 0L, 0L, 64));
}
