// msgget and its relatives: who may, what is there already, what has gone.
#include "say.h"
#include <sys/ipc.h>
#include <sys/msg.h>
static int get(int key, int flags) { return msgget(key, flags); }
static int control(int id, int what, void *buf) { return msgctl(id, what, buf); }
static long use(int id) { return (long)msgsnd(id, &(struct { long type; char text[4]; }){1, "abc"}, 4, IPC_NOWAIT) == -1 ? -1 : 0; }
int main(void) {
  int key = 0x454c0000 + getpid();
  struct msqid_ds d;
  SAY(get(key, 0600));
  int id = get(key, IPC_CREAT | 0600);
  SAY(get(key, IPC_CREAT | IPC_EXCL | 0600));
  SAY(get(key, 0) == id);
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    setresgid(1000, 1000, 1000), setresuid(1000, 1000, 1000);
    SAY(get(key, 0600));
    SAY(use(id));
    SAY(control(id, IPC_STAT, &d));
    SAY(control(id, IPC_SET, &d));
    SAY(control(id, IPC_RMID, 0));
    _exit(0);
  }
  reap(pid);
  SAY(control(id, IPC_STAT, &d));
  SAY(control(id, 999, &d));
  SAY(control(id, IPC_STAT, (void *)8));
  SAY(control(id, IPC_RMID, 0));
  SAY(use(id));
  SAY(control(id, IPC_STAT, &d));
  SAY(get(key, 0600));
}
