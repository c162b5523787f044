// semget and its relatives: who may, what is there already, what has gone.
#include "say.h"
#include <sys/ipc.h>
#include <sys/sem.h>
static int get(int key, int flags) { return semget(key, 1, flags); }
static int control(int id, int what, void *buf) { return semctl(id, 0, what, buf); }
static long use(int id) { return (long)semop(id, &(struct sembuf){0, 1, 0}, 1) == -1 ? -1 : 0; }
#define DATA semid_ds
#include "sysv-permissions.h"
