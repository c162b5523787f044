// System V semaphores: waiting, several at once, undo at the end, time-outs, removal.
#include "say.h"
#include <sys/sem.h>
int main(void) {
  int id = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
  SAY(id >= 0);
  SAY(semctl(id, 0, SETVAL, 1));
  SAY(semctl(id, 0, GETVAL));
  struct sembuf take = {0, -1, 0}, give = {0, 1, 0}, undo = {0, -1, SEM_UNDO}, now = {0, -1, IPC_NOWAIT}, zero = {0, 0, IPC_NOWAIT};
  SAY(semop(id, &take, 1));
  SAY(semop(id, &now, 1));
  SAY(semop(id, &zero, 1));
  pid_t pid = fork();
  if (pid == 0) { int r = semop(id, &take, 1); _exit(r == 0 ? 9 : 1); }
  for (int i = 0; i < 1000 && semctl(id, 0, GETNCNT) == 0; i++) sleep_ms(1);
  SAY(semctl(id, 0, GETNCNT));
  SAY(semop(id, &give, 1));
  reap(pid);
  SAY(semctl(id, 0, GETPID) == pid);
  semctl(id, 0, SETVAL, 3);
  pid = fork();
  if (pid == 0) { semop(id, &undo, 1), semop(id, &undo, 1); _exit(semctl(id, 0, GETVAL)); }
  reap(pid);
  SAY(semctl(id, 0, GETVAL));
  struct sembuf both[2] = {{0, -1, 0}, {1, -1, IPC_NOWAIT}};
  SAY(semop(id, both, 2));
  SAY(semctl(id, 0, GETVAL));
  unsigned short all[2] = {5, 6};
  SAY(semctl(id, 0, SETALL, all));
  SAY(semop(id, both, 2));
  all[0] = 0;
  SAY(semctl(id, 0, GETALL, all));
  printf("%d %d\n", all[0], all[1]);
  struct timespec t = {0, 20000000};
  struct sembuf much = {0, -100, 0};
  SAY(semtimedop(id, &much, 1, &t));
  struct sembuf far = {7, 1, 0}, huge = {0, 32767, 0};
  SAY(semop(id, &far, 1));
  SAY(semop(id, &huge, 1));
  SAY(semctl(id, 9, GETVAL));
  SAY(semctl(id, 0, SETVAL, -1));
  SAY(semop(id, &give, 0));
  pid = fork();
  if (pid == 0) { semop(id, &much, 1); _exit(errno == EIDRM ? 4 : 5); }
  sleep_ms(20);
  SAY(semctl(id, 0, IPC_RMID));
  reap(pid);
  SAY(semop(id, &give, 1));
  SAY(semget(IPC_PRIVATE, 0, IPC_CREAT));
}
