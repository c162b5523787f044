// Attributes: modes, owners, times, statx, access, nodes, extended attributes, and who may change what.
// flags: -w
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>
#define SAY(call) do { errno = 0; long r = (long)(call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

static struct stat st;
static char buf[65536];

static void put(const char *path, const char *text) {
  int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
  write(fd, text, strlen(text));
  close(fd);
}

int main(void) {
  put("f", "x");
  put("v", "abc");
  symlink("f", "l");
  mkdir("a2", 0755);
  int ro = open("f", O_RDONLY);
  int w = open("v", O_RDWR);

  SAY(chmod("v", 0444));
  SAY(stat("v", &st));
  printf("%o\n", st.st_mode);
  SAY(chmod("nx", 0));
  SAY(fchmod(w, 04755));
  SAY(chown("v", -1, -1));
  SAY(stat("v", &st));
  printf("%o\n", st.st_mode);
  SAY(chown("v", 1, 2));
  SAY(stat("v", &st));
  printf("%o %d %d\n", st.st_mode, st.st_uid, st.st_gid);
  SAY(lchown("l", 3, 4));
  SAY(lstat("l", &st));
  printf("%d %d\n", st.st_uid, st.st_gid);
  SAY(fchownat(AT_FDCWD, "l", 5, 6, AT_SYMLINK_NOFOLLOW));
  SAY(fchownat(w, "", 5, 6, AT_EMPTY_PATH));
  SAY(fchownat(w, "", 5, 6, 0));
  SAY(fchownat(w, "", 5, 6, 1));

  struct timespec ts[2] = {{100, 5}, {200, 7}};
  SAY(utimensat(AT_FDCWD, "v", ts, 0));
  SAY(stat("v", &st));
  printf("%ld.%ld %ld.%ld\n", st.st_atim.tv_sec, st.st_atim.tv_nsec, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  ts[0].tv_nsec = UTIME_OMIT;
  ts[1].tv_sec = 300;
  SAY(futimens(w, ts));
  SAY(stat("v", &st));
  printf("%ld %ld\n", st.st_atim.tv_sec, st.st_mtim.tv_sec);
  ts[0].tv_nsec = 2000000000;
  SAY(utimensat(AT_FDCWD, "v", ts, 0));
  SAY(utimensat(AT_FDCWD, "nx", ts, 0));
  ts[0].tv_nsec = 1;
  SAY(utimensat(AT_FDCWD, "l", ts, AT_SYMLINK_NOFOLLOW));
  SAY(lstat("l", &st));
  printf("%ld %ld\n", st.st_atim.tv_sec, st.st_mtim.tv_sec);
  struct timeval tv[2] = {{1, 2}, {3, 4}};
  SAY(utimes("v", tv));
  struct utimbuf ub = {7, 8};
  SAY(utime("v", &ub));
  SAY(stat("v", &st));
  printf("%ld %ld\n", st.st_atim.tv_sec, st.st_mtim.tv_sec);
  tv[0].tv_usec = 1000000;
  SAY(utimes("v", tv));
  SAY(utimensat(AT_FDCWD, "v", NULL, 0));

  struct statx sx;
  SAY(statx(AT_FDCWD, "v", 0, STATX_ALL, &sx));
  printf("%x %o %lld %u\n", sx.stx_mask&0x7ff, sx.stx_mode, (long long)sx.stx_size, sx.stx_nlink);
  SAY(statx(AT_FDCWD, "nx", 0, STATX_ALL, &sx));
  SAY(statx(w, "", AT_EMPTY_PATH, 0, &sx));
  SAY(statx(w, "", 0, 0, &sx));
  SAY(statx(w, "v", 0x10000, 0, &sx));
  SAY(syscall(SYS_statx, w, "v", 0, 0x80000000, &sx));
  SAY(syscall(SYS_statx, AT_FDCWD, "v", 0, 0x7ff, 1));

  SAY(access("v", R_OK));
  SAY(access("v", X_OK));
  SAY(access("v", 8));
  SAY(access("l", F_OK));
  SAY(access("a2", X_OK));
  SAY(faccessat(AT_FDCWD, "v", W_OK, AT_EACCESS));
  SAY(syscall(SYS_faccessat2, AT_FDCWD, "v", 0, 0x40));
  SAY(access("f", X_OK));
  SAY(access((char*)1, 0));
  SAY(access("", 0));

  SAY(chdir("f"));
  SAY(chdir("nx"));
  SAY(chdir("a2"));
  SAY(getcwd(buf, 3));
  SAY(syscall(SYS_getcwd, buf, 0));
  printf("%s\n", strrchr(getcwd(buf, 999), '/'));
  SAY(chdir(".."));
  SAY(umask(027));
  SAY(umask(022));
  SAY(umask(01777));
  SAY(umask(022));

  SAY(mkfifo("p", 0600));
  SAY(mkfifo("p", 0600));
  SAY(mknod("sock", S_IFSOCK | 0600, 0));
  SAY(open("sock", O_RDONLY));
  SAY(mknod("reg", 0600, 0));
  SAY(mknod("dd", S_IFDIR | 0600, 0));
  SAY(mknod("bad", 0110000 | 0600, 0));
  SAY(mknod("dev", S_IFCHR | 0600, 0x103));
  int dn = open("dev", O_RDWR);
  SAY(write(dn, "abc", 3));
  SAY(read(dn, buf, 3));
  SAY(mknod("dev2", S_IFCHR | 0600, 0x6363));
  SAY(open("dev2", O_RDONLY));
  SAY(open("p", O_WRONLY | O_NONBLOCK));

  SAY(getxattr("v", "user.x", buf, 10));
  SAY(getxattr("nx", "user.x", buf, 10));
  SAY(listxattr("v", buf, 10));
  SAY(removexattr("v", "user.q"));

  char longn[400];
  memset(longn, 'n', 300);
  longn[300] = 0;
  SAY(open(longn, O_RDONLY));
  static char lp[5000];
  memset(lp, '/', 4999);
  SAY(open(lp, O_RDONLY));
  SAY(open((char*)8, O_RDONLY));
  SAY(open("f", O_RDWR | O_TMPFILE, 0600));

  struct statfs sf;
  SAY(statfs(".", &sf));
  printf("%ld %ld\n", (long)sf.f_bsize, (long)sf.f_namelen);
  SAY(statfs("nx", &sf));
  SAY(fstatfs(99, &sf));
  SAY(fstatfs(ro, &sf));
  SAY(syncfs(ro));
  SAY(fdatasync(ro));
  SAY(chroot("nx"));
  SAY(chroot("f"));

  if (geteuid() != 0) return 0;
  put("sec", "x");
  chmod("sec", 0600);
  mkdir("sd", 0700);
  put("sd/i", "x");
  mkdir("st", 01777);
  chmod("st", 01777);
  put("st/r", "r");
  chmod("st/r", 0666);
  chmod(".", 0755);
  setresgid(1000, 1000, 1000);
  setresuid(1000, 1000, 1000);
  SAY(open("sec", O_RDONLY));
  SAY(open("sd/i", O_RDONLY));
  SAY(stat("sd/i", &st));
  SAY(stat("sec", &st));
  SAY(unlink("st/r"));
  SAY(rename("st/r", "st/q"));
  SAY(chmod("st/r", 0));
  SAY(chown("st/r", 1000, 1000));
  SAY(open("new", O_CREAT | O_WRONLY, 0600));
  int m = open("st/mine", O_CREAT | O_WRONLY, 0666);
  SAY(m > 0);
  SAY(unlink("st/mine"));
  SAY(access("sec", R_OK));
  SAY(access("f", W_OK));
  SAY(mkdir("nn", 0700));
  SAY(utimensat(AT_FDCWD, "st/r", NULL, 0));
  SAY(utimensat(AT_FDCWD, "st/r", ts, 0));
  SAY(mknod("st/c", S_IFCHR, 0x103));
  SAY(chroot("."));
  SAY(link("sec", "st/l"));
  SAY(truncate("sec", 0));
  SAY(open("st/r", O_RDWR | O_TRUNC) > 0);
  SAY(open("f", O_RDONLY | O_TRUNC));
  return 0;
}
