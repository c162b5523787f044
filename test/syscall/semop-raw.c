// semop: adding, waiting for zero, undo at exit, refusals.
#include "say.h"
#include <sys/sem.h>
int main(void) {
  int id = semget(IPC_PRIVATE, 2, 0600);
  struct sembuf add = {0, 2, 0}, take = {0, -1, SEM_UNDO}, zero = {0, 0, IPC_NOWAIT}, far = {5, 1, 0}, many[1] = {{1, 0, 0}};
  SAY(syscall(SYS_semop, id, &add, 1L));
  pid_t pid = fork();
  if (pid == 0) _exit(syscall(SYS_semop, id, &take, 1L) + semctl(id, 0, GETVAL));
  reap(pid);
  SAY(semctl(id, 0, GETVAL));
  SAY(syscall(SYS_semop, id, &zero, 1L));
  SAY(syscall(SYS_semop, id, &far, 1L));
  SAY(syscall(SYS_semop, id, &add, 501L));
  SAY(syscall(SYS_semop, id, &add, 0L));
  SAY(syscall(SYS_semop, id, 8L, 1L));
  SAY(syscall(SYS_semop, id, many, 1L));
  add.sem_op = 32767;
  SAY(syscall(SYS_semop, id, &add, 1L));
  SAY(semctl(id, 0, IPC_RMID));
  SAY(syscall(SYS_semop, id, &add, 1L));
}
