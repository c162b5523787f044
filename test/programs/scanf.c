// build: pie musl
// stdin: 12 -7 0x1f 3.25 1e-3 inf nan word [abc] 18446744073709551615 1.1897e+4932
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  int a, b, c;
  float f;
  double d, e, g;
  char word[16], set[16];
  unsigned long long big;
  long double huge;
  printf("%d\n", scanf("%d %d %i %f %lf %lf %lf %15s [%15[a-c]] %llu %Lf", &a, &b, &c, &f, &d, &e, &g, word, set, &big, &huge));
  printf("%d %d %d %g %g %g %g %s %s %llu %Lg\n", a, b, c, f, d, e, g, word, set, big, huge);
  const char *texts[] = {"0x1.8p3", "1e400", "-1e-400", "4.9406564584124654e-324", "2.2250738585072011e-308", "nan(12)", "0.1e1x", "9007199254740993", ".5", "-"};
  for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
    char *end;
    printf("%a %a %La", strtod(texts[i], &end), strtof(texts[i], NULL), strtold(texts[i], NULL));
    printf(" rest '%s'\n", end);
  }
  printf("%ld %lu %ld\n", strtol("-99999999999999999999", NULL, 10), strtoul("zz", NULL, 36), strtol("0777", NULL, 0));
  return 0;
}
