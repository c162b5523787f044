// build: pie musl
// String functions whose operands end at the end of a page.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <wchar.h>

static char *two_pages(void) {
  char *pages = mmap(NULL, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + 4096, 4096, PROT_READ | PROT_WRITE);
  return pages + 8192;
}

int main(void) {
  char *end = two_pages(), *other = two_pages();
  unsigned sum = 0;
  for (int length = 0; length < 140; length++) {
    char *text = end - length - 1, *copy = other - length - 1;
    memset(text, 'a', length);
    text[length] = 0;
    if (length > 2) text[length / 2] = 'b';
    sum = sum * 31 + strlen(text) + strnlen(text, 200);
    strcpy(copy, text);
    sum = sum * 31 + (memcmp(copy, text, length + 1) == 0) + (strcmp(copy, text) == 0) * 2 + (strncmp(copy, text, length) == 0) * 4;
    char *found = strchr(text, 'b'), *last = strrchr(text, 'b'), *byte = memchr(text, 0, length + 1);
    sum = sum * 31 + (found ? found - text : -1) + (last ? last - text : -1) * 3 + (byte - text) * 5;
    sum = sum * 31 + (unsigned)(strstr(text, "ba") ? strstr(text, "ba") - text : 99) + strspn(text, "a") + strcspn(text, "b") * 3;
    sum = sum * 31 + (strpbrk(text, "xyzb") ? 1 : 2) + (strcasecmp(text, copy) == 0) + (memrchr(text, 'a', length) != NULL) * 4;
    memmove(copy, text, length);
    memcpy(other - length, text, length);
    stpncpy(other - length, text, length);
    sum = sum * 31 + (unsigned char)other[-1] + (unsigned)(strchr(text, 0) - text);
    if (length) {
      copy[0]++;
      int order = memcmp(copy, text, length);
      sum = sum * 31 + (order > 0) + (strcmp(copy, text) > 0) * 2;
    }
    wchar_t *wide = (wchar_t *)end - length % 33 - 1;
    wmemset(wide, L'w', length % 33);
    wide[length % 33] = 0;
    sum = sum * 31 + wcslen(wide) + (wcschr(wide, L'w') != NULL);
    printf("%d %u\n", length, sum);
  }
  return 0;
}
