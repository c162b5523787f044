// System V calls made without the C library: permissions, bad pointers, limits.
#include "say.h"
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(void) {
  struct { long type; char text[8]; } m = {1, "x"};
  struct sembuf take = {0, -1, 0};
  int set = semget(IPC_PRIVATE, 1, 0600), q = msgget(IPC_PRIVATE, 0600), shared = shmget(IPC_PRIVATE, 1 << 20, 0600);
  SAY(syscall(SYS_semtimedop, set, &take, 501L, 0L));
  SAY(syscall(SYS_semtimedop, set, 8L, 1L, 0L));
  SAY(syscall(SYS_semtimedop, set, &take, 1L, 8L));
  SAY(syscall(SYS_msgsnd, q, &m, 4L, 0));
  SAY(syscall(SYS_msgrcv, q, 8L, 8L, 0L, 0));
  SAY(syscall(SYS_msgrcv, q, &m, -1L, 0L, 0));
  SAY(syscall(SYS_msgrcv, -1, &m, 8L, 0L, 0));
  fflush(stdout);
  pid_t other = fork();
  if (other == 0) {
    struct rlimit little = {4096, 4096};
    setrlimit(RLIMIT_MEMLOCK, &little);
    setresgid(4325, 4325, 4325), setresuid(4325, 4325, 4325);
    SAY(syscall(SYS_semop, set, &take, 1L));
    SAY(syscall(SYS_msgrcv, q, &m, 8L, 0L, IPC_NOWAIT));
    int own = shmget(IPC_PRIVATE, 1 << 20, 0600);
    SAY(shmctl(own, SHM_LOCK, 0));
    SAY(shmctl(own, IPC_RMID, 0));
    SAY(shmget(IPC_PRIVATE, 4096, 0600 | SHM_HUGETLB));
    _exit(0);
  }
  reap(other);
  struct rlimit enough = {8 << 20, RLIM_INFINITY};
  SAY(setrlimit(RLIMIT_AS, &enough));
  int large = shmget(IPC_PRIVATE, 16 << 20, 0600);
  SAY(shmat(large, 0, 0) == (void *)-1 ? -1 : 0);
  shmctl(large, IPC_RMID, 0);
  semctl(set, 0, IPC_RMID), msgctl(q, IPC_RMID, 0), shmctl(shared, IPC_RMID, 0);
}
