// execveat: by path, by directory, by descriptor, links, scripts.
#include "say.h"
static void child(int dir, const char *path, int flags) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    char *argv[] = {"sh", "-c", "echo ran $0", "zero", 0}, *envp[] = {"A=1", 0};
    syscall(SYS_execveat, dir, path, argv, envp, flags);
    printf("%s\n", strerrorname_np(errno));
    fflush(stdout);
    _exit(1);
  }
  reap(pid);
}
int main(void) {
  symlink("/bin/sh", "link");
  int script = file_with("script", "#!/bin/sh\necho script $0 $*\n");
  fchmod(script, 0755), close(script);
  int dir = open("/bin", O_PATH), file = open("/bin/sh", O_PATH), here = open(".", O_RDONLY);
  child(AT_FDCWD, "/bin/sh", 0);
  child(dir, "sh", 0);
  child(99, "/bin/sh", 0);
  child(file, "", AT_EMPTY_PATH);
  child(file, "", 0);
  child(here, "link", 0);
  child(here, "link", AT_SYMLINK_NOFOLLOW);
  child(here, "none", 0);
  child(here, "", AT_EMPTY_PATH);
  child(99, "sh", 0);
  child(dir, "sh", 1);
  child(file, "x", 0);
  child(AT_FDCWD, "script", 0);
  script = open("script", O_RDONLY);
  child(script, "", AT_EMPTY_PATH);
  fcntl(script, F_SETFD, FD_CLOEXEC);
  child(script, "", AT_EMPTY_PATH);
}
