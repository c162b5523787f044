// Opening a pair: the lock, the number, names, isatty, the node's kind.
#include "pty.h"
int main(void) {
  int m = posix_openpt(O_RDWR | O_NOCTTY), lock = -1;
  SAY(m > 0);
  SAY(ioctl(m, TIOCGPTLCK, &lock));
  SAY(lock);
  char name[50];
  SAY(ptsname_r(m, name, 50));
  SAY(strncmp(name, "/dev/pts/", 9));
  SAY(open(name, O_RDWR | O_NOCTTY));
  SAY(grantpt(m));
  SAY(unlockpt(m));
  int s = open(name, O_RDWR | O_NOCTTY);
  SAY(s > 0);
  SAY(isatty(m));
  SAY(isatty(s));
  char again[50];
  SAY(ttyname_r(s, again, 50));
  SAY(strcmp(name, again));
  struct stat st;
  fstat(s, &st);
  printf("%o %d\n", st.st_mode & S_IFMT, (int)(st.st_rdev >> 8));
  SAY(ioctl(s, TIOCGPTN, &lock));
  close(s);
  int p = ioctl(m, TIOCGPTPEER, O_RDWR | O_NOCTTY);
  SAY(p > 0);
  close(m);
  SAY(open(name, O_RDWR | O_NOCTTY) >= 0 ? 0 : -1);
  SAY(access(name, F_OK));
  SAY(lseek(p, 0, SEEK_SET));
}
