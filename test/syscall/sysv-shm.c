// System V shared memory: between processes, permissions, removal while attached.
#include "say.h"
#include <sys/shm.h>
int main(void) {
  int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
  SAY(id >= 0);
  char *m = shmat(id, 0, 0), *r = shmat(id, 0, SHM_RDONLY);
  SAY(m != (void *)-1 && r != (void *)-1 && m != r);
  strcpy(m, "shared");
  puts(r);
  pid_t pid = fork();
  if (pid == 0) { strcpy(m + 5000, "by the child"); _exit(0); }
  reap(pid);
  puts(m + 5000);
  struct shmid_ds d;
  SAY(shmctl(id, IPC_STAT, &d));
  printf("%zu %lu %o %d\n", d.shm_segsz, (unsigned long)d.shm_nattch, d.shm_perm.mode & 0777, d.shm_cpid == getpid());
  SAY(shmdt(r));
  SAY(shmdt(r));
  SAY(shmdt(m + 4096));
  SAY(shmctl(id, IPC_RMID, 0));
  strcpy(m, "still here");
  puts(m);
  SAY(shmdt(m));
  SAY(shmctl(id, IPC_STAT, &d));
  SAY(shmget(0x1234567, 100, 0));
  id = shmget(0x1234567, 100, IPC_CREAT | 0600);
  SAY(shmget(0x1234567, 100, IPC_CREAT | IPC_EXCL | 0600));
  SAY(shmget(0x1234567, 5000, 0));
  SAY(shmget(0x1234567, 50, 0) == id);
  m = shmat(id, 0, 0), strcpy(m, "kept"), shmdt(m);
  m = shmat(id, 0, 0), puts(m);
  SAY(shmat(id, m + 1, 0) == (void *)-1 ? -1 : 0);
  SAY(shmat(99999, 0, 0) == (void *)-1 ? -1 : 0);
  SAY(shmctl(id, IPC_RMID, 0));
  SAY(shmget(IPC_PRIVATE, 0, IPC_CREAT));
}
