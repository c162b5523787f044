// build: pie musl
// args: one "two words" '' "\xff\xfe" -x=y
#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("%d [%s]\n", i, argv[i]);
  for (char **e = environ; *e; e++) puts(*e);
  printf("%lu %lu %lu %d %s\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), getauxval(AT_SECURE), getauxval(AT_UID) == getuid(), (char *)getauxval(AT_PLATFORM));
  printf("%d %d\n", getauxval(AT_RANDOM) != 0, getauxval(AT_SYSINFO_EHDR) != 0);
  printf("%s\n", (char *)getauxval(AT_EXECFN));
  return argc;
}
