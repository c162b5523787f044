// On semop: never restarted.
#include "interrupt.h"
#include <sys/sem.h>
int main(void) {
  int id = semget(IPC_PRIVATE, 1, 0600);
  struct sembuf op = {0, -1, 0};
  INTERRUPTED(semop(id, &op, 1));
  semctl(id, 0, IPC_RMID);
}
