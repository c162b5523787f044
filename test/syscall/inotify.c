// inotify: what happens in a directory and to a file, in order.
#include "say.h"
#include <sys/inotify.h>
static int fd;
static void show(const char *what) {
  static char b[4096] __attribute__((aligned(8)));
  long n = read(fd, b, sizeof b);
  printf("%s:", what);
  for (long at = 0; at < n;) {
    struct inotify_event *e = (void *)(b + at);
    printf(" [%d %x %s%s]", e->wd, e->mask, e->len ? e->name : "-", e->cookie ? " cookie" : "");
    at += sizeof *e + e->len;
  }
  puts(n < 0 ? strerrorname_np(errno) : "");
}
int main(void) {
  fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  mkdir("d", 0755);
  SAY(inotify_add_watch(fd, "d", IN_ALL_EVENTS));
  show("nothing");
  int f = open("d/a", O_CREAT | O_RDWR, 0644);
  show("create");
  SAY(inotify_add_watch(fd, "d/a", IN_ALL_EVENTS));
  write(f, "x", 1), write(f, "y", 1);
  show("write");
  pread(f, (char[2]){0}, 2, 0);
  show("read");
  fchmod(f, 0600);
  show("chmod");
  ftruncate(f, 0);
  show("truncate");
  close(f);
  show("close");
  rename("d/a", "d/b");
  show("rename");
  link("d/b", "d/c");
  show("link");
  unlink("d/c");
  show("unlink one");
  unlink("d/b");
  show("unlink last");
  mkdir("d/sub", 0755);
  show("mkdir");
  rmdir("d/sub");
  show("rmdir");
  symlink("x", "d/l");
  show("symlink");
  unlink("d/l");
  show("unlink link");
  SAY(inotify_rm_watch(fd, 1));
  show("removed");
  SAY(inotify_rm_watch(fd, 1));
  SAY(inotify_add_watch(fd, "d", IN_CREATE | IN_ONESHOT));
  close(open("d/1", O_CREAT, 0644)), close(open("d/2", O_CREAT, 0644));
  show("oneshot");
  SAY(inotify_add_watch(fd, "d/1", IN_ONLYDIR | IN_OPEN));
  SAY(inotify_add_watch(fd, "none", IN_OPEN));
  SAY(inotify_add_watch(fd, "d", 0));
  SAY(inotify_add_watch(0, "d", IN_OPEN));
  SAY(inotify_init1(1));
  int w = inotify_add_watch(fd, "d", IN_CREATE);
  SAY(inotify_add_watch(fd, "d", IN_DELETE | IN_MASK_ADD) == w);
  SAY(inotify_add_watch(fd, "d", IN_OPEN | IN_MASK_CREATE));
  unlink("d/1");
  show("added");
  int n;
  close(open("d/3", O_CREAT, 0644));
  SAY(ioctl(fd, FIONREAD, &n));
  SAY(n);
  SAY(ready(fd));
  SAY(read(fd, &n, 4));
}
