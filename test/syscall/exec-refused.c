// execve: beyond RLIMIT_NPROC after setuid, and ELF files with an interpreter that is none.
#include "say.h"
#include <elf.h>
static char image[1 << 20];
/** A copy of this program that names another interpreter. */
static void copy(const char *to, const char *interpreter) {
  int from = open("/proc/self/exe", O_RDONLY), fd = open(to, O_CREAT | O_WRONLY, 0755);
  ssize_t size = read(from, image, sizeof image);
  Elf64_Phdr *p = (void *)(image + ((Elf64_Ehdr *)image)->e_phoff);
  for (int i = 0; i < ((Elf64_Ehdr *)image)->e_phnum; i++)
    if (p[i].p_type == PT_INTERP) strcpy(image + p[i].p_offset, interpreter), p[i].p_filesz = strlen(interpreter) + 1;
  write(fd, image, size), close(fd), close(from);
}
int main(void) {
  char *argv[] = {"x", 0};
  close(file_with("text", "#!not an interpreter, and long enough for the header of an ELF file: ................\n"));
  chmod("text", 0755), mkdir("d", 0755);
  copy("by-text", "text"), copy("by-directory", "d"), copy("by-none", "none");
  SAY(execv("by-text", argv));
  SAY(execv("by-directory", argv));
  SAY(execv("by-none", argv));
  struct rlimit none = {0, 0};
  SAY(setrlimit(RLIMIT_NPROC, &none));
  pid_t other = fork();
  if (other == 0) setresuid(4322, 4322, 4322), pause();
  sleep_ms(20);
  SAY(setresuid(4322, 4322, 4322));
  SAY(execl("/bin/true", "true", (char *)0));
  SAY(syscall(SYS_fork));
  SAY(syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L));
  struct { uint64_t flags, pidfd, child, parent, signal, stack, size, tls; } args = {.signal = SIGCHLD};
  SAY(syscall(SYS_clone3, &args, sizeof args));
  SAY(syscall(SYS_clone, SIGCHLD | CLONE_NEWUTS, 0L, 0L, 0L, 0L));
  args.flags = CLONE_NEWNS;
  SAY(syscall(SYS_clone3, &args, sizeof args));
  kill(other, SIGKILL), reap(other);
}
