// named and unnamed semaphores.
#include "say.h"
#include <semaphore.h>
int main(void) {
  sem_unlink("/elfin-sem");
  sem_t *s = sem_open("/elfin-sem", O_CREAT | O_EXCL, 0600, 1);
  SAY(s != SEM_FAILED);
  SAY(sem_open("/elfin-sem", O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED ? -1 : 0);
  int v;
  SAY(sem_wait(s));
  SAY(sem_trywait(s));
  pid_t pid = fork();
  if (pid == 0) { sleep_ms(10); sem_post(s); _exit(0); }
  SAY(sem_wait(s));
  reap(pid);
  SAY(sem_getvalue(s, &v));
  SAY(v);
  struct timespec t = {1, 0};
  SAY(sem_timedwait(s, &t));
  SAY(sem_unlink("/elfin-sem"));
  SAY(sem_unlink("/elfin-sem"));
}
