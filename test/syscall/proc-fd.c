// descriptors as files.
#include "say.h"
#include <dirent.h>
int main(void) {
  int f = file_with("f", "text"), p[2];
  pipe(p);
  char name[40], b[60] = "";
  sprintf(name, "/proc/self/fd/%d", p[0]);
  int n = readlink(name, b, 60);
  printf("%.6s\n", n > 0 ? b : "?");
  sprintf(name, "/dev/fd/%d", f);
  int g = open(name, O_RDONLY);
  memset(b, 0, 60);
  SAY(read(g, b, 10));
  DIR *d = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(d)) count++;
  SAY(count > 5);
  sprintf(name, "/proc/self/fdinfo/%d", f);
  FILE *i = fopen(name, "r");
  if (i) fgets(b, 60, i), printf("%s", b);
}
