// build: pie musl
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  FILE *file = fopen("data", "w+");
  for (int i = 0; i < 3000; i++) fprintf(file, "line %d\n", i);
  printf("%ld\n", ftell(file));
  fseek(file, 1000, SEEK_SET);
  char line[64];
  fgets(line, sizeof line, file);
  fgets(line, sizeof line, file);
  printf("%s", line);
  ungetc('X', file);
  printf("%c\n", fgetc(file));
  rewind(file);
  long sum = 0;
  for (int c; (c = getc(file)) != EOF;) sum = sum * 31 + c;
  printf("%ld %d %d\n", sum, feof(file) != 0, ferror(file));
  fclose(file);
  file = fopen("data", "a");
  fputs("appended\n", file);
  fclose(file);
  file = fopen("data", "r+");
  fseek(file, -9, SEEK_END);
  printf("%s", fgets(line, sizeof line, file));
  fclose(file);
  printf("%d %d\n", rename("data", "moved"), access("data", F_OK));
  char *buffer = NULL;
  size_t size = 0;
  file = open_memstream(&buffer, &size);
  fprintf(file, "%05d", 42);
  fclose(file);
  printf("%s %zu\n", buffer, size);
  if (!fopen("/no/such/file", "r")) perror("fopen");
  file = tmpfile();
  printf("%d\n", file != NULL);
  fputs("no newline at the end", stdout);
  return 0;
}
