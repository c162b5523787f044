// a mutex and a condition in shared memory between processes.
#include "say.h"
struct s { pthread_mutex_t m; pthread_cond_t c; int turn, n; };
int main(void) {
  struct s *s = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t a;
  pthread_condattr_t b;
  pthread_mutexattr_init(&a), pthread_mutexattr_setpshared(&a, 1), pthread_mutex_init(&s->m, &a);
  pthread_condattr_init(&b), pthread_condattr_setpshared(&b, 1), pthread_cond_init(&s->c, &b);
  pid_t pid = fork();
  int me = pid == 0;
  for (int i = 0; i < 300; i++) {
    pthread_mutex_lock(&s->m);
    while (s->turn != me) pthread_cond_wait(&s->c, &s->m);
    s->turn = !me, s->n++;
    pthread_cond_signal(&s->c);
    pthread_mutex_unlock(&s->m);
  }
  if (me) _exit(0);
  reap(pid);
  SAY(s->n);
}
