// msgget and its relatives: who may, what is there already, what has gone.
#include "say.h"
#include <sys/ipc.h>
#include <sys/msg.h>
static int get(int key, int flags) { return msgget(key, flags); }
static int control(int id, int what, void *buf) { return msgctl(id, what, buf); }
static long use(int id) { return (long)msgsnd(id, &(struct { long type; char text[4]; }){1, "abc"}, 4, IPC_NOWAIT) == -1 ? -1 : 0; }
#define DATA msqid_ds
#include "sysv-permissions.h"
