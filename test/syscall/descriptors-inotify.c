// inotify_add_watch, inotify_rm_watch: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_inotify_add_watch, fd, ".", 2));
  DESCRIPTORS(syscall(SYS_inotify_rm_watch, fd, 1));
}
