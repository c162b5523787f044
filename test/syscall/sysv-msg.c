// System V messages: by type, too long ones, waiting, a full queue, removal.
#include "say.h"
#include <sys/msg.h>
struct m { long type; char text[100]; };
static int put(int id, long type, const char *text, int flags) {
  struct m m = {type, ""};
  strcpy(m.text, text);
  return msgsnd(id, &m, strlen(text), flags);
}
static void get(int id, long type, int size, int flags) {
  struct m m = {0, ""};
  long n = msgrcv(id, &m, size, type, flags);
  if (n < 0) puts(strerrorname_np(errno));
  else printf("%ld %ld %s\n", n, m.type, m.text);
}
int main(void) {
  int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  SAY(put(id, 3, "three", 0));
  SAY(put(id, 1, "one", 0));
  SAY(put(id, 2, "two", 0));
  SAY(put(id, 0, "zero", 0));
  struct msqid_ds d;
  SAY(msgctl(id, IPC_STAT, &d));
  printf("%lu %lu\n", (unsigned long)d.msg_qnum, (unsigned long)d.__msg_cbytes);
  get(id, 2, 100, 0);
  get(id, -3, 100, 0);
  get(id, 0, 2, 0);
  get(id, 0, 2, MSG_NOERROR);
  get(id, 0, 100, IPC_NOWAIT);
  put(id, 5, "five", 0), put(id, 6, "six", 0);
  get(id, 5, 100, MSG_EXCEPT);
  get(id, 5, 100, 0);
  pid_t pid = fork();
  if (pid == 0) { get(id, 0, 100, 0); _exit(0); }
  sleep_ms(20);
  put(id, 1, "waited for", 0);
  reap(pid);
  static struct { long type; char text[8193]; } big = {1, ""};
  SAY(msgsnd(id, &big, 8193, 0));
  SAY(msgsnd(id, &big, 8192, 0));
  SAY(msgsnd(id, &big, 8192, 0));
  SAY(msgsnd(id, &big, 1, IPC_NOWAIT));
  SAY(msgctl(id, IPC_RMID, 0));
  SAY(put(id, 1, "x", 0));
  SAY(msgget(0x7654321, 0));
}
