// Descriptors and bytes: read, write, seek, fcntl, dup, vectors, truncation, locks, sendfile, ioctl, O_PATH.
// flags: -w
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#define SAY(call) do { errno = 0; long r = (long)(call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static struct stat st;
static char buf[65536];

static void put(const char *path, const char *text) {
  int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
  write(fd, text, strlen(text));
  close(fd);
}

static void get(const char *path) {
  int fd = open(path, O_RDONLY);
  int count = read(fd, buf, 100);
  printf("%s: %d '%.*s'\n", path, count, count > 0 ? count : 0, buf);
  close(fd);
}

int main(void) {
  symlink("f", "l");
  mkdir("a2", 0755);

  put("f", "0123456789");
  int f = open("f", O_RDWR);
  SAY(lseek(f, 0, SEEK_END));
  SAY(lseek(f, -20, SEEK_END));
  SAY(lseek(f, 100, SEEK_SET));
  SAY(write(f, "x", 1));
  SAY(lseek(f, 0, SEEK_DATA));
  SAY(lseek(f, 5, SEEK_HOLE));
  SAY(lseek(f, 101, SEEK_DATA));
  SAY(lseek(f, 0, 9));
  SAY(pread(f, buf, 5, 98));
  SAY(pread(f, buf, 5, -1));
  SAY(pread(f, buf, 5, 1000));
  SAY(pwrite(f, "AB", 2, 3));
  SAY(lseek(f, 0, SEEK_CUR));
  SAY(ftruncate(f, 6));
  SAY(ftruncate(f, -1));
  SAY(ftruncate(f, 8));
  get("f");
  SAY(read(-1, buf, 1));
  SAY(read(f, (void*)1, 5));
  SAY(lseek(f, 0, SEEK_SET));
  SAY(read(f, (void*)1, 5));
  SAY(write(f, (void*)1, 5));
  SAY(read(f, 0, 0));
  SAY(write(f, 0, 0));

  int ro = open("f", O_RDONLY);
  SAY(write(ro, "x", 1));
  SAY(ftruncate(ro, 0));
  int wo = open("f", O_WRONLY);
  SAY(read(wo, buf, 1));
  int ap = open("f", O_WRONLY | O_APPEND);
  SAY(write(ap, "end", 3));
  SAY(pwrite(ap, "!", 1, 0));
  get("f");
  SAY(fcntl(ap, F_GETFL));
  SAY(fcntl(ro, F_GETFL));
  SAY(fcntl(ap, F_SETFL, O_NONBLOCK));
  SAY(fcntl(ap, F_GETFL));
  SAY(fcntl(ap, F_GETFD));
  SAY(fcntl(ap, F_SETFD, 1));
  SAY(fcntl(ap, F_GETFD));
  SAY(fcntl(ap, F_DUPFD, 100));
  SAY(fcntl(100, F_GETFD));
  SAY(fcntl(ap, F_DUPFD_CLOEXEC, 100));
  SAY(fcntl(101, F_GETFD));
  SAY(fcntl(ap, F_DUPFD, 99999999));
  SAY(fcntl(ap, 12345));
  SAY(fcntl(77, F_GETFD));
  SAY(fcntl(ap, F_GETPIPE_SZ));
  SAY(fcntl(ap, F_GETOWN));

  SAY(dup2(ap, ap));
  SAY(dup3(ap, ap, 0));
  SAY(dup2(77, 5));
  SAY(dup2(ap, 200));
  SAY(dup2(ap, -1));
  SAY(dup3(ap, 201, 77));
  SAY(dup3(ap, 201, O_CLOEXEC));
  SAY(fcntl(201, F_GETFD));
  SAY(close(200));
  SAY(close(200));
  SAY(syscall(SYS_close_range, 100, 300, 0));
  SAY(close(101));
  SAY(syscall(SYS_close_range, 10, 5, 0));
  SAY(dup(77));

  int dfd = open(".", O_RDONLY | O_DIRECTORY);
  SAY(read(dfd, buf, 10));
  SAY(write(dfd, buf, 10));
  SAY(lseek(dfd, 0, SEEK_SET));
  SAY(openat(dfd, "nx", O_RDONLY));
  SAY(openat(ro, "nx", O_RDONLY));
  SAY(openat(99, "nx", O_RDONLY));
  SAY(0 <= close(openat(99, "/dev/null", O_RDONLY)));
  SAY(fstatat(dfd, "f", &st, 0));
  SAY(fstatat(dfd, "", &st, 0));
  SAY(fstatat(dfd, "", &st, AT_EMPTY_PATH));
  SAY(fstatat(dfd, "f", &st, 0x8000));
  SAY(fstatat(99, "", &st, AT_EMPTY_PATH));
  SAY(syscall(SYS_getdents64, dfd, buf, 5));
  SAY(syscall(SYS_getdents64, ro, buf, 500));
  SAY(fchdir(ro));
  SAY(ftruncate(dfd, 0));
  SAY(fsync(dfd));

  int p = open("f", O_PATH);
  SAY(read(p, buf, 1));
  SAY(fstat(p, &st));
  SAY(fchmod(p, 0600));
  SAY(fcntl(p, F_GETFL));
  SAY(ioctl(p, FIONREAD, buf));
  SAY(lseek(p, 0, 0));
  SAY(fsync(p));
  int pl = open("l", O_PATH | O_NOFOLLOW);
  SAY(readlinkat(pl, "", buf, 100));
  SAY(fstat(pl, &st));
  printf("%o\n", st.st_mode);
  SAY(readlinkat(dfd, "", buf, 10));
  SAY(close(p));
  SAY(fchown(p, 0, 0));

  struct iovec v[3] = {{"ab", 2}, {"", 0}, {"cde", 3}};
  int w = open("v", O_RDWR | O_CREAT | O_TRUNC, 0600);
  SAY(writev(w, v, 3));
  SAY(pwritev(w, v, 3, 1));
  get("v");
  char b1[2], b2[10];
  struct iovec rv[2] = {{b1, 2}, {b2, 10}};
  SAY(preadv(w, rv, 2, 1));
  printf("%.2s %.3s\n", b1, b2);
  SAY(readv(w, rv, -1));
  SAY(readv(w, rv, 0));
  SAY(writev(w, v, 2000));
  lseek(w, 0, 0);
  SAY(readv(w, rv, 2));

  SAY(truncate("v", 3));
  SAY(truncate("nx", 3));
  SAY(truncate("a2", 3));
  SAY(truncate("v", -1));
  SAY(truncate("v/", 1));
  SAY(fallocate(w, 0, 0, 100));
  SAY(fallocate(w, 1, 0, 1000));
  SAY(fstat(w, &st));
  printf("%ld\n", (long)st.st_size);
  SAY(fallocate(w, 3, 0, 2));
  get("v");
  SAY(fallocate(w, 0, -1, 2));
  SAY(fallocate(w, 0, 0, 0));
  SAY(fallocate(ro, 0, 0, 1));
  SAY(fallocate(w, 2, 0, 2));
  SAY(posix_fadvise(w, 0, 0, 2));
  SAY(posix_fadvise(w, 0, 0, 99));
  SAY(syscall(SYS_fadvise64, w, 0, 0, 99));
  SAY(readahead(w, 0, 10));

  SAY(flock(w, LOCK_EX | LOCK_NB));
  int w2 = open("v", O_RDWR);
  SAY(flock(w2, LOCK_EX | LOCK_NB));
  SAY(flock(w2, LOCK_SH | LOCK_NB));
  SAY(flock(w, LOCK_UN));
  SAY(flock(w2, LOCK_SH | LOCK_NB));
  SAY(flock(w, LOCK_SH | LOCK_NB));
  SAY(flock(w, 77));
  SAY(flock(99, LOCK_SH));
  struct flock fl = {F_WRLCK, SEEK_SET, 0, 10, 0};
  SAY(fcntl(w, F_SETLK, &fl));
  SAY(fcntl(w, F_GETLK, &fl));
  printf("%d\n", fl.l_type);
  fl.l_type = 9;
  SAY(fcntl(w, F_SETLK, &fl));
  fl.l_type = F_WRLCK;
  SAY(fcntl(ro, F_SETLK, &fl));
  fl.l_type = F_RDLCK;
  fl.l_start = -5;
  SAY(fcntl(ro, F_SETLK, &fl));
  fl.l_start = 0;
  fl.l_whence = 7;
  SAY(fcntl(ro, F_SETLK, &fl));
  fl.l_whence = 0;
  SAY(fcntl(ro, F_OFD_SETLK, &fl));
  fl.l_pid = 0;
  SAY(fcntl(ro, F_OFD_SETLK, &fl));

  put("src", "abcdefghij");
  int s = open("src", O_RDONLY);
  int o = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
  off_t off = 2;
  SAY(sendfile(o, s, &off, 3));
  printf("%ld\n", (long)off);
  SAY(sendfile(o, s, NULL, 100));
  SAY(sendfile(o, s, NULL, 100));
  get("out");
  SAY(sendfile(ap, s, 0, 1));
  SAY(sendfile(s, s, 0, 1));
  off = -1;
  SAY(sendfile(o, s, &off, 1));
  loff_t a = 0, b = 20;
  SAY(copy_file_range(s, &a, o, &b, 5, 0));
  SAY(copy_file_range(s, &a, o, &b, 5, 1));
  SAY(copy_file_range(dfd, 0, o, 0, 5, 0));
  SAY(copy_file_range(o, 0, s, 0, 5, 0));
  a = 0;
  b = 3;
  SAY(copy_file_range(o, &a, o, &b, 5, 0));
  SAY(lseek(o, 0, SEEK_CUR));

  int n1;
  SAY(ioctl(ro, FIONREAD, &n1));
  SAY(ioctl(ro, TIOCGWINSZ, buf));
  SAY(ioctl(ro, 0x5401, buf));
  SAY(ioctl(99, FIONREAD, &n1));
  n1 = 1;
  SAY(ioctl(ro, FIONBIO, &n1));
  SAY(fcntl(ro, F_GETFL));
  SAY(ioctl(ro, FIOCLEX));
  SAY(fcntl(ro, F_GETFD));
  SAY(ioctl(dfd, FIONREAD, &n1));
  int zn = open("/dev/null", O_RDWR);
  SAY(ioctl(zn, 0x5401, buf));
  SAY(lseek(zn, 5, SEEK_SET));
  SAY(fsync(zn));
  int zf = open("/dev/full", O_RDWR);
  SAY(write(zf, "a", 1));
  SAY(read(zf, buf, 4));
  int ur = open("/dev/urandom", O_RDONLY);
  SAY(read(ur, buf, 4));
  SAY(open("/dev/tty", O_RDONLY | O_NOCTTY)>=0?0:0);
  SAY(stat("/dev/null", &st));
  printf("%o %lx\n", st.st_mode, (long)st.st_rdev);
  SAY(fstat(zn, &st));
  SAY(truncate("/dev/null", 0));
  SAY(open("/dev/null", O_WRONLY | O_TRUNC | O_CREAT, 0600) > 0);
  SAY(ftruncate(zn, 0));

  SAY(unlink("out"));
  SAY(fstat(o, &st));
  printf("%ld %ld\n", (long)st.st_nlink, (long)st.st_size);
  sprintf(buf, "/proc/self/fd/%d", o);
  char b3[999];
  int k = readlink(buf, b3, 999);
  b3[k > 0?k:0] = 0;
  printf("%s\n", strrchr(b3, '/'));
  int ro2 = open(buf, O_RDONLY);
  SAY(read(ro2, b3, 5));
  mkdir("gone", 0700);
  chdir("gone");
  rmdir("../gone");
  SAY(getcwd(buf, 999));
  SAY(open("x", O_CREAT | O_RDWR, 0600));
  SAY(mkdir("y", 0700));
  SAY(open(".", O_RDONLY) > 0);
  SAY(access("..", F_OK));
  SAY(chdir(".."));
  return 0;
}
