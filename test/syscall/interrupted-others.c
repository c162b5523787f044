// Calls that a signal interrupts and that no other program here makes by themselves: nanosleep, select, epoll_pwait2, accept4, semop.
#include "interrupt.h"
#include <sys/sem.h>
int main(void) {
  struct timespec second = {1, 0};
  struct timeval second_v = {1, 0};
  struct epoll_event event;
  struct sembuf take = {0, -1, 0};
  int e = epoll_create1(0), listening = socket(AF_UNIX, SOCK_STREAM, 0), set = semget(IPC_PRIVATE, 1, 0600), pair[2];
  struct sockaddr_un at = {AF_UNIX, "at"};
  bind(listening, (void *)&at, sizeof at), listen(listening, 1), socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  static char block[400000];
  struct iovec v = {block, sizeof block};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  INTERRUPTED(syscall(SYS_nanosleep, &second, 0L));
  INTERRUPTED(syscall(SYS_select, 0, 0L, 0L, 0L, &second_v));
  INTERRUPTED(syscall(SYS_epoll_pwait2, e, &event, 1, &second, 0L, 8L));
  INTERRUPTED(syscall(SYS_accept4, listening, 0L, 0L, 0));
  INTERRUPTED(syscall(SYS_semop, set, &take, 1L));
  fcntl(pair[0], F_SETFL, O_NONBLOCK);
  while (write(pair[0], block, sizeof block) > 0);
  fcntl(pair[0], F_SETFL, 0);
  INTERRUPTED(syscall(SYS_sendmsg, pair[0], &m, 0));
  semctl(set, 0, IPC_RMID);
}
