// ranges, conflicts, splitting, dropped by any close.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789");
  struct flock l = {F_WRLCK, SEEK_SET, 2, 4, 0}, q = {F_WRLCK, SEEK_SET, 0, 0, 0};
  SAY(fcntl(f, F_SETLK, &l));
  pid_t pid = fork();
  if (pid == 0) {
    int g = open("f", O_RDWR);
    SAY(fcntl(g, F_GETLK, &q));
    printf("%d %ld %ld %d\n", q.l_type, (long)q.l_start, (long)q.l_len, q.l_pid == getppid());
    l.l_start = 0, l.l_len = 2;
    SAY(fcntl(g, F_SETLK, &l));
    l.l_start = 5;
    SAY(fcntl(g, F_SETLK, &l));
    _exit(0);
  }
  reap(pid);
  close(open("f", O_RDONLY));
  pid = fork();
  if (pid == 0) { q.l_type = F_WRLCK, q.l_start = q.l_len = 0; fcntl(open("f", O_RDWR), F_GETLK, &q); _exit(q.l_type == F_UNLCK ? 1 : 0); }
  reap(pid);
  l.l_type = 9;
  SAY(fcntl(f, F_SETLK, &l));
  SAY(fcntl(open("f", O_RDONLY), F_SETLK, &(struct flock){F_WRLCK, SEEK_SET, 0, 1, 0}));
}
