// msgsnd to a full queue: never restarted.
#include "interrupt.h"
#include <sys/msg.h>
int main(void) {
  int id = msgget(IPC_PRIVATE, 0600);
  static struct { long type; char text[8000]; } m = {1};
  while (msgsnd(id, &m, sizeof m.text, IPC_NOWAIT) == 0);
  INTERRUPTED(msgsnd(id, &m, sizeof m.text, 0));
  msgctl(id, IPC_RMID, 0);
}
