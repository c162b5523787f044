#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

int main(void) {
  printf("%s\n", setlocale(LC_ALL, NULL));
  printf("%s\n", setlocale(LC_ALL, ""));
  printf("%s %zu\n", nl_langinfo(CODESET), (size_t)MB_CUR_MAX);
  wchar_t wide[32];
  size_t length = mbstowcs(wide, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7", 32);
  for (size_t i = 0; i < length; i++) printf("%x%s ", wide[i], iswalpha(wide[i]) ? "a" : iswspace(wide[i]) ? "s" : "-");
  printf("\n%ls %lc %d\n", wide, towupper(L'\xfc'), wcwidth(L'\x1f427'));
  printf("%d\n", (int)mbstowcs(wide, "\xff", 32));
  struct lconv *conv = localeconv();
  printf("[%s] [%s] %d\n", conv->decimal_point, conv->thousands_sep, strcoll("a", "B") > 0);
  iconv_t to = iconv_open("UTF-16LE", "UTF-8");
  if (to == (iconv_t)-1) return perror("iconv_open"), 1;
  char in[] = "\xe2\x82\xac!", out[16], *from = in, *into = out;
  size_t left = strlen(in), room = sizeof out;
  printf("%d", (int)iconv(to, &from, &left, &into, &room));
  for (char *p = out; p < into; p++) printf(" %02x", (unsigned char)*p);
  iconv_close(to);
  printf("\n%d\n", iconv_open("NO-SUCH", "UTF-8") == (iconv_t)-1);
  setlocale(LC_ALL, "xx_XX") ? puts("set") : puts("no xx_XX");
  fputws(L"wide output \x20ac\n", stderr);
  return 0;
}
