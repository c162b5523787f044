// Paths that cannot be walked, and a few that can, for calls that take one.
#pragma once
#include "say.h"
static char long_name[300], long_path[5000];
static struct { const char *label, *path; } paths[] = {
  {"none", "none"}, {"none/x", "none/x"}, {"under a file", "f/x"}, {"file with slash", "f/"}, {"loop", "loop"},
  {"under a loop", "loop/x"}, {"dangling", "dangling"}, {"empty", ""}, {"long name", long_name}, {"long path", long_path},
  {"bad pointer", (const char *)8}, {"locked", "locked/x"}, {"link", "link"}, {"file", "f"}, {"directory", "d"},
};
/** Runs as somebody who owns nothing here. */
#define AS_NOBODY(statement) \
  do { \
    fflush(stdout); \
    pid_t nobody = fork(); \
    if (nobody == 0) { \
      setresgid(65534, 65534, 65534), setresuid(65534, 65534, 65534); \
      statement; \
      fflush(stdout); \
      _exit(0); \
    } \
    waitpid(nobody, 0, 0); \
  } while (0)
#define TRY_PATH(text, call) \
  do { \
    errno = 0; \
    long path_result = (long)(call); \
    printf("%s, %s: %s\n", text, paths[path_at].label, path_result != -1 ? "fine" : strerrorname_np(errno)); \
  } while (0)
/** The call with each such `path`, the locked one as somebody without permission. */
#define PATHS(call) \
  for (int path_at = 0; path_at < (int)(sizeof paths / sizeof *paths); path_at++) { \
    const char *path = paths[path_at].path; \
    if (!strcmp(paths[path_at].label, "locked")) AS_NOBODY(TRY_PATH(#call, call)); \
    else TRY_PATH(#call, call); \
  }
__attribute__((constructor)) static void plant(void) {
  memset(long_name, 'n', 256);
  for (int i = 0; i < 4200; i += 2) memcpy(long_path + i, "./", 2);
  strcpy(long_path + 4200, "f");
  umask(022);
  close(file_with("f", "text"));
  mkdir("d", 0755), close(file_with("d/x", "inside"));
  symlink("loop", "loop"), symlink("none", "dangling"), symlink("f", "link");
  mkdir("locked", 0700), close(file_with("locked/x", "secret"));
}
