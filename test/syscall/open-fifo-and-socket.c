// open and creat of what cannot be opened so: a FIFO without a reader, a socket, a device without a driver, a running program.
#include "say.h"
#include <sys/sysmacros.h>
static void on_alarm(int s) { (void)s; }
int main(void) {
  struct sigaction plain = {.sa_handler = on_alarm};
  struct itimerval soon = {{0, 0}, {0, 30000}};
  sigaction(SIGALRM, &plain, 0);
  mkfifo("fifo", 0644);
  SAY(syscall(SYS_open, "fifo", O_WRONLY | O_NONBLOCK));
  setitimer(ITIMER_REAL, &soon, 0);
  SAY(syscall(SYS_open, "fifo", O_WRONLY));
  setitimer(ITIMER_REAL, &soon, 0);
  SAY(syscall(SYS_creat, "fifo", 0644));
  struct sockaddr_un at = {AF_UNIX, "socket"};
  SAY(bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&at, sizeof at));
  SAY(syscall(SYS_open, "socket", O_RDONLY));
  SAY(syscall(SYS_creat, "socket", 0644));
  SAY(mknod("device", S_IFCHR | 0644, makedev(60, 77)));
  SAY(syscall(SYS_open, "device", O_RDONLY));
  SAY(syscall(SYS_open, "/proc/self/exe", O_WRONLY));
  SAY(syscall(SYS_creat, "/proc/self/exe", 0644));
  SAY(syscall(SYS_open, ".", O_TMPFILE | O_RDONLY, 0644));
  SAY(syscall(SYS_open, "/proc", O_TMPFILE | O_RDWR, 0644));
  SAY(syscall(SYS_openat, AT_FDCWD, "/proc", O_TMPFILE | O_RDWR, 0644));
}
