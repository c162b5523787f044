// mutexes of each kind.
#include "say.h"
static pthread_mutex_t m;
int main(void) {
  int kinds[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
  for (int i = 0; i < 3; i++) {
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a), pthread_mutexattr_settype(&a, kinds[i]), pthread_mutex_init(&m, &a);
    SAY(pthread_mutex_lock(&m));
    SAY(pthread_mutex_trylock(&m));
    struct timespec t = {1, 0};
    SAY(pthread_mutex_timedlock(&m, &t));
    SAY(pthread_mutex_unlock(&m));
  }
}
