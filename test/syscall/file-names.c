// Names: mkdir, open, links, unlink, rmdir, rename, and the error for what is refused.
// flags: -w
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#define SAY(call) do { errno = 0; long r = (long)(call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static struct stat st;
static char buf[65536];

static void put(const char *path, const char *text) {
  int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
  write(fd, text, strlen(text));
  close(fd);
}

int main(void) {
  SAY(mkdir("d", 0777));
  SAY(mkdir("d", 0777));
  SAY(mkdir("d/", 0777));
  SAY(mkdir("x/y", 0777));
  SAY(mkdir(".", 0777));
  SAY(mkdir("", 0777));
  SAY(mkdir("d/e/", 0700));

  put("f", "hello");
  SAY(open("f/", O_RDONLY));
  SAY(open("f/x", O_RDONLY));
  SAY(open("nx/", O_CREAT | O_WRONLY, 0600));
  SAY(open("d", O_CREAT | O_RDONLY, 0600));
  SAY(open("d", O_WRONLY));
  SAY(open("f", O_DIRECTORY));
  SAY(open("f", O_CREAT | O_EXCL | O_WRONLY, 0600));
  SAY(open("", O_RDONLY));
  SAY(open("nx/..", O_RDONLY));
  SAY(open("d/.", O_CREAT | O_RDWR, 0600));

  SAY(symlink("f", "l"));
  SAY(symlink("f", "l"));
  SAY(symlink("", "l2"));
  SAY(symlink("loop", "loop"));
  SAY(open("loop", O_RDONLY));
  SAY(open("l", O_NOFOLLOW));
  SAY(symlink("nowhere", "dang"));
  SAY(open("dang", O_RDONLY));
  SAY(open("dang", O_CREAT | O_EXCL | O_WRONLY, 0600));
  SAY(0 <= close(open("dang", O_CREAT | O_WRONLY, 0600)));
  SAY(access("nowhere", F_OK));
  SAY(readlink("l", buf, 100));
  SAY(readlink("f", buf, 100));
  SAY(readlink("l", buf, 0));
  SAY(symlink("x", "l/"));
  SAY(symlink("x", "zz/"));

  SAY(stat("l", &st));
  printf("%o %ld %ld\n", st.st_mode, (long)st.st_nlink, (long)st.st_size);
  SAY(lstat("l", &st));
  printf("%o %ld %ld\n", st.st_mode, (long)st.st_nlink, (long)st.st_size);
  SAY(lstat("d/", &st));
  SAY(stat("f/", &st));
  SAY(lstat("l/", &st));

  SAY(link("f", "h"));
  SAY(link("f", "h"));
  SAY(link("d", "dh"));
  SAY(link("nx", "dh"));
  SAY(link("l", "lh"));
  SAY(lstat("lh", &st));
  printf("%o\n", st.st_mode);
  SAY(linkat(AT_FDCWD, "l", AT_FDCWD, "lf", AT_SYMLINK_FOLLOW));
  SAY(lstat("lf", &st));
  printf("%o %ld\n", st.st_mode, (long)st.st_nlink);

  SAY(unlink("d"));
  SAY(unlink("nx"));
  SAY(unlink("f/"));
  SAY(unlink("."));
  SAY(unlink("l/"));
  SAY(rmdir("f"));
  SAY(rmdir("d"));
  SAY(rmdir("d/."));
  SAY(rmdir("d/.."));
  SAY(rmdir("/"));
  SAY(rmdir("l"));
  SAY(unlinkat(AT_FDCWD, "d/e", 0));
  SAY(unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR));
  SAY(unlinkat(AT_FDCWD, "d/e", 77));
  SAY(rmdir(""));
  SAY(unlink(""));

  SAY(mkdir("a", 0755));
  SAY(mkdir("a/b", 0755));
  SAY(rename("a", "a/b/c"));
  SAY(rename("a/b", "a"));
  SAY(rename("f", "a"));
  SAY(rename("a", "f"));
  SAY(rename("f", "f"));
  SAY(rename("f", "h"));
  SAY(access("f", F_OK));
  SAY(rename("nx", "q"));
  SAY(rename("a/", "a2/"));
  SAY(rename("h", "h2/"));
  SAY(rename("h/", "h2"));
  SAY(rename("a2", "."));
  SAY(rename(".", "z"));
  SAY(rename("d", "a2"));
  SAY(renameat2(AT_FDCWD, "h", AT_FDCWD, "f", 1));
  SAY(rename("d", "a2/b"));
  SAY(access("a2/b", F_OK));
  SAY(syscall(SYS_renameat2, AT_FDCWD, "h", AT_FDCWD, "k", 8));
  return 0;
}
