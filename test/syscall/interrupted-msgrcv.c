// On msgrcv: never restarted.
#include "interrupt.h"
#include <sys/msg.h>
int main(void) {
  int id = msgget(IPC_PRIVATE, 0600);
  struct { long type; char text[8]; } m;
  INTERRUPTED(msgrcv(id, &m, 8, 0, 0));
  msgctl(id, IPC_RMID, 0);
}
