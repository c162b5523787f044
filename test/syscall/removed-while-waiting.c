// System V objects that are removed while somebody waits: EIDRM.
#include "interrupt.h"
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
static struct { long type; char text[4000]; } m = {1, "x"};
/** A child makes the call and sleeps in it; then the object goes. */
#define REMOVED(call, removal) \
  do { \
    fflush(stdout); \
    pid_t sleeper = fork(); \
    if (sleeper == 0) { \
      SAY(call); \
      _exit(0); \
    } \
    sleep_ms(5), settle(sleeper), removal; \
    reap(sleeper); \
  } while (0)
int main(void) {
  struct sembuf take = {0, -1, 0};
  int set = semget(IPC_PRIVATE, 1, 0600);
  REMOVED(syscall(SYS_semop, set, &take, 1L), semctl(set, 0, IPC_RMID));
  int q = msgget(IPC_PRIVATE, 0600);
  REMOVED(syscall(SYS_msgrcv, q, &m, 4000L, 0L, 0), msgctl(q, IPC_RMID, 0));
  q = msgget(IPC_PRIVATE, 0600);
  while (msgsnd(q, &m, 4000, IPC_NOWAIT) == 0);
  REMOVED(syscall(SYS_msgsnd, q, &m, 4000L, 0), msgctl(q, IPC_RMID, 0));
  int shared = shmget(IPC_PRIVATE, 4096, 0600);
  SAY(shmctl(shared, IPC_RMID, 0));
  SAY(shmat(shared, 0, 0) == (void *)-1 ? -1 : 0);
}
