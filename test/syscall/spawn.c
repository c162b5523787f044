// vfork, posix_spawn and execve: what a new program keeps, close-on-exec, pipes between processes, failures.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) do { errno = 0; long r = (call); printf("%s = %ld %s\n", #call, r, errno ? strerrorname_np(errno) : ""); } while (0)

extern char **environ;

static int ended(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Run as the child: says what it was given. */
static int child(char **argv) {
  sigset_t set;
  struct sigaction act;
  sigprocmask(SIG_BLOCK, 0, &set);
  printf("child: args %s %s, X=%s\n", argv[2], argv[3], getenv("X") ? getenv("X") : "");
  printf("child: kept %d closed %d\n", fcntl(atoi(argv[2]), F_GETFD) != -1, fcntl(atoi(argv[3]), F_GETFD) == -1);
  sigaction(SIGUSR1, 0, &act);
  printf("child: USR1 %s", act.sa_handler == SIG_DFL ? "default" : act.sa_handler == SIG_IGN ? "ignored" : "caught");
  sigaction(SIGUSR2, 0, &act);
  printf(", USR2 %s, TERM blocked %d\n", act.sa_handler == SIG_IGN ? "ignored" : "other", sigismember(&set, SIGTERM));
  return 17;
}

static void handler(int signal) {}

int main(int argc, char **argv) {
  if (argc > 1) return child(argv);
  int kept = open("/dev/null", O_RDONLY), closed = open("/dev/null", O_RDONLY | O_CLOEXEC), ends[2], volatile_value = 1;
  char a[16], b[16], line[64] = "";
  volatile int *value = &volatile_value;
  sigset_t set;
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  sprintf(a, "%d", kept);
  sprintf(b, "%d", closed);
  char *args[] = {"self", "child", a, b, 0}, *env[] = {"X=y", 0};
  signal(SIGUSR1, handler);
  signal(SIGUSR2, SIG_IGN);
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, 0);

  // vfork: memory is shared, the parent waits
  fflush(stdout);
  pid_t pid = vfork();
  if (pid == 0) {
    *value = 2;
    _exit(3);
  }
  printf("vfork: value %d, status %d\n", *value, ended(pid));
  fflush(stdout);
  pid = vfork();
  if (pid == 0) {
    execve("/proc/self/exe", args, env);
    _exit(127);
  }
  printf("vfork and execve: %d\n", ended(pid));
  fflush(stdout);
  pid = vfork();
  if (pid == 0) {
    execve("/does/not/exist", args, env);
    *value = errno;
    _exit(127);
  }
  printf("failing execve: %d, errno %d\n", ended(pid), *value == ENOENT);
  fflush(stdout);
  pid = vfork();
  if (pid == 0) kill(getpid(), SIGKILL);
  printf("killed: %d\n", ended(pid));

  // posix_spawn with attributes and actions
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  sigemptyset(&set);
  posix_spawnattr_setsigmask(&attributes, &set);
  sigaddset(&set, SIGUSR2);
  posix_spawnattr_setsigdefault(&attributes, &set);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, closed, closed);
  fflush(stdout);
  SAY(posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, args, env));
  SAY(getpgid(pid) == pid);
  SAY(setpgid(pid, 0));
  printf("posix_spawn: %d\n", ended(pid));
  SAY(posix_spawn(&pid, "/does/not/exist", 0, 0, args, env));
  SAY(posix_spawnp(&pid, "/etc", 0, 0, args, env));

  // a pipeline
  pipe2(ends, O_CLOEXEC);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  char *echo[] = {"echo", "through", "a", "pipe", 0};
  SAY(posix_spawnp(&pid, "echo", &actions, 0, echo, environ));
  close(ends[1]);
  SAY(read(ends[0], line, sizeof line));
  SAY(read(ends[0], line + 32, 1));
  printf("%s%d\n", line, ended(pid));
  SAY(system("exit 5") >> 8);
  FILE *f = popen("cat; echo end", "w");
  fputs("to popen\n", f);
  fflush(stdout);
  SAY(pclose(f));

  // a broken pipe, in a child and as an error
  pipe(ends);
  fflush(stdout);
  pid = fork();
  if (pid == 0) {
    close(ends[0]);
    write(ends[1], "x", 1);
    _exit(0);
  }
  close(ends[0]);
  printf("SIGPIPE: %d\n", ended(pid) - 1000 == SIGPIPE);
  signal(SIGPIPE, SIG_IGN);
  SAY(write(ends[1], "x", 1));

  // execve of this process, at last
  fflush(stdout);
  execve("/proc/self/exe", args, env);
  return 1;
}
