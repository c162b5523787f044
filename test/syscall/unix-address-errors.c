// What bind and connect refuse: lengths, families, kinds, descriptors, memory.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./s"}, bad = {AF_INET, "./s"}, missing = {AF_UNIX, "./no/s"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_DGRAM, 0), f = file_with("plain", "x");
  SAY(bind(s, (void *)&a, 1));
  SAY(bind(s, (void *)&a, 111));
  SAY(bind(s, (void *)&a, 200));
  SAY(bind(s, (void *)&a, -1));
  SAY(bind(s, (void *)&bad, sizeof bad));
  SAY(bind(s, (void *)&missing, sizeof missing));
  SAY(bind(s, (void *)8, sizeof a));
  SAY(bind(f, (void *)&a, sizeof a));
  SAY(bind(77, (void *)&a, sizeof a));
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(listen(s, 1));
  SAY(connect(d, (void *)&a, sizeof a));
  struct sockaddr_un plain = {AF_UNIX, "./plain"};
  SAY(connect(d, (void *)&plain, sizeof plain));
  SAY(connect(d, (void *)&bad, sizeof bad));
  SAY(connect(d, (void *)&missing, sizeof missing));
  SAY(listen(d, 1));
  SAY(accept(d, 0, 0));
  SAY(accept(f, 0, 0));
  SAY(accept4(s, 0, 0, 0x10));
  SAY(socket(AF_UNIX, SOCK_STREAM, 7));
  SAY(socket(AF_UNIX, 15, 0));
  SAY(socket(AF_UNIX, SOCK_RDM, 0));
  SAY(socket(99, SOCK_STREAM, 0));
  SAY(listen(f, 1));
  SAY(shutdown(f, 0));
  SAY(shutdown(s, 5));
}
