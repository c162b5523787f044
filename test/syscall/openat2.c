// openat2: how the path is resolved, and what struct open_how refuses.
#include "say.h"
#include <linux/openat2.h>
static long open2(int d, const char *path, unsigned long flags, unsigned long mode, unsigned long resolve, int size) {
  struct { struct open_how h; long more; } it = {{flags, mode, resolve}, size > 32 ? 1 : 0};
  return syscall(SYS_openat2, d, path, &it, size);
}
#define TRY(...) SAY(open2(__VA_ARGS__) >= 0 ? 0 : -1)
int main(void) {
  mkdir("d", 0755), close(file_with("d/f", "x")), close(file_with("out", "y"));
  symlink("f", "d/link"), symlink("/etc/passwd", "d/abs"), symlink("../out", "d/up"), symlink("/f", "d/rooted");
  int d = open("d", O_PATH | O_DIRECTORY);
  TRY(d, "f", O_RDONLY, 0, 0, 24);
  TRY(d, "link", O_RDONLY, 0, RESOLVE_NO_SYMLINKS, 24);
  TRY(d, "f", O_RDONLY, 0, RESOLVE_NO_SYMLINKS, 24);
  TRY(d, "link", O_RDONLY, 0, RESOLVE_BENEATH, 24);
  TRY(d, "abs", O_RDONLY, 0, RESOLVE_BENEATH, 24);
  TRY(d, "up", O_RDONLY, 0, RESOLVE_BENEATH, 24);
  TRY(d, "../out", O_RDONLY, 0, RESOLVE_BENEATH, 24);
  TRY(d, "/etc/passwd", O_RDONLY, 0, RESOLVE_BENEATH, 24);
  TRY(d, "/f", O_RDONLY, 0, RESOLVE_IN_ROOT, 24);
  TRY(d, "rooted", O_RDONLY, 0, RESOLVE_IN_ROOT, 24);
  TRY(d, "../../f", O_RDONLY, 0, RESOLVE_IN_ROOT, 24);
  TRY(d, "abs", O_RDONLY, 0, RESOLVE_IN_ROOT, 24);
  TRY(AT_FDCWD, "/proc/self/exe", O_RDONLY, 0, RESOLVE_NO_MAGICLINKS, 24);
  TRY(AT_FDCWD, "/proc/version", O_RDONLY, 0, RESOLVE_NO_XDEV, 24);
  TRY(d, "new", O_WRONLY | O_CREAT, 0600, 0, 24);
  TRY(d, "f", O_RDONLY, 0600, 0, 24);
  TRY(d, "f", 1UL << 40, 0, 0, 24);
  TRY(d, "f", O_RDONLY, 0, 0x4000, 24);
  TRY(d, "f", O_RDONLY, 0, 0, 16);
  TRY(d, "f", O_RDONLY, 0, 0, 40);
  TRY(d, "f", O_RDONLY, 0, 0, 32);
  TRY(d, "f", O_RDONLY, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT, 24);
  SAY(syscall(SYS_openat2, d, "f", 8, 24));
}
