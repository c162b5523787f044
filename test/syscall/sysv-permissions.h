// Who may use, look at and remove a System V object, what is there already, what has gone: by get(), control() and use() of
// a kind of them, and its DATA structure.
int main(void) {
  int key = 0x454c0000 + getpid();
  struct DATA d;
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
