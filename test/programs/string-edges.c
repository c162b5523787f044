// cpu: x86-64
// flags: -O1 -fno-builtin
// glibc's string functions at every alignment, with pages that must not be touched right before and behind.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <wchar.h>

#define PAGE 4096
/** Two strips of two pages, each between pages without access. */
static unsigned char *strip[2];
static uint64_t sum;
static void add(long value) { sum = (sum ^ (uint64_t)value) * 1099511628211ull + 1; }
static void addBytes(const void *p, size_t n) {
  for (size_t i = 0; i < n; i++) add(((const unsigned char *)p)[i]);
}
static uint32_t seed = 1;
static uint32_t next(void) { return seed = seed * 1664525 + 1013904223, seed >> 8; }

static const int LENGTHS[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 31, 32, 33, 47, 48, 63, 64, 65, 79, 95, 96, 97, 127, 128, 129, 191, 255, 256, 257, 300};
enum { COUNT = sizeof LENGTHS / sizeof *LENGTHS };

/** `n` bytes that end (or begin) at distance `gap` of a page that faults. */
static unsigned char *place(int which, int atEnd, size_t n, int gap) {
  return atEnd ? strip[which] + 2 * PAGE - gap - n : strip[which] + gap;
}
static void letters(unsigned char *p, size_t n) {
  for (size_t i = 0; i < n; i++) p[i] = 'b' + next() % 20;
}
static int sign(int x) { return (x > 0) - (x < 0); }

static void searches(int atEnd, int gap, size_t n) {
  unsigned char *s = place(0, atEnd, n + 1, gap);
  letters(s, n);
  s[n] = 0;
  char *text = (char *)s;
  add(strlen(text)), add(strnlen(text, n + 1)), add(strnlen(text, n)), add(strnlen(text, n / 2));
  add(memchr(s, 0, n + 1) == s + n), add(memchr(s, 'a', n) == NULL), add((unsigned char *)rawmemchr(s, 0) - s);
  add(strchrnul(text, 'a') - text), add(strchr(text, 'a') == NULL), add(strrchr(text, 'a') == NULL), add(strrchr(text, 0) - text);
  add(memrchr(s, 'a', n) == NULL), add((unsigned char *)memrchr(s, 0, n + 1) - s);
  add(strspn(text, "bcdefghijklmnopqrstuvw")), add(strcspn(text, "xyz")), add(strpbrk(text, "xyz") == NULL);
  add(strstr(text, "aa") == NULL), add(memmem(s, n, "aaa", 3) == NULL), add(strcasestr(text, "A") == NULL);
  for (int i = 0; i < 3 && n; i++) {
    size_t at = next() % n;
    unsigned char old = s[at];
    s[at] = 'a';
    add(strchr(text, 'a') - text), add(strrchr(text, 'a') - text), add(strchrnul(text, 'a') - text);
    add((unsigned char *)memchr(s, 'a', n) - s), add((unsigned char *)memrchr(s, 'a', n) - s);
    add(strcspn(text, "a0")), add(strspn(text, "bcdefghijklmnopqrstuvw")), add(strpbrk(text, "za") - text);
    add((unsigned char *)rawmemchr(s, 'a') - s);
    s[at] = old;
  }
  if (n >= 4) {
    memcpy(s + n - 4, "aXyz", 4);
    add(strstr(text, "aXyz") - text), add((unsigned char *)memmem(s, n, "aXyz", 4) - s), add(strcasestr(text, "AxYZ") - text);
  }
}

static void comparisons(int atEnd, int gap, int otherGap, size_t n) {
  unsigned char *s = place(0, atEnd, n + 1, gap), *t = place(1, atEnd, n + 1, otherGap);
  letters(s, n);
  s[n] = 0;
  memcpy(t, s, n + 1);
  char *x = (char *)s, *y = (char *)t;
  add(memcmp(s, t, n + 1)), add(bcmp(s, t, n + 1)), add(strcmp(x, y)), add(strncmp(x, y, n + 1)), add(strncmp(x, y, n + 99));
  add(strcasecmp(x, y)), add(strncasecmp(x, y, n + 1));
  for (int i = 0; i < 3 && n; i++) {
    size_t at = next() % n;
    t[at] ^= i == 2 ? 0x80 : 0x20;
    add(sign(memcmp(s, t, n))), add(!!bcmp(s, t, n)), add(sign(strcmp(x, y))), add(sign(strncmp(x, y, n))), add(sign(strncmp(x, y, at)));
    add(sign(strcasecmp(x, y))), add(sign(strncasecmp(x, y, n)));
    t[at] = s[at];
  }
  if (n) {
    t[n - 1] = 0;
    add(sign(strcmp(x, y))), add(sign(strncmp(x, y, n))), add(sign(strcasecmp(y, x)));
  }
}

static void copies(int atEnd, int gap, int otherGap, size_t n) {
  unsigned char *s = place(0, atEnd, n + 1, gap), *t = place(1, atEnd, n + 1, otherGap);
  letters(s, n);
  s[n] = 0;
  memset(strip[1], '#', 2 * PAGE);
  char *x = (char *)s, *y = (char *)t;
  add(memcpy(t, s, n) == t), addBytes(t, n + 1);
  add((unsigned char *)mempcpy(t, s, n + 1) - t), addBytes(t, n + 1);
  memset(t, '*', n), addBytes(t, n + 1);
  add(strcpy(y, x) == y), addBytes(t, n + 1);
  memset(t, '+', n + 1), add(stpcpy(y, x) - y), addBytes(t, n + 1);
  memset(t, '-', n + 1), strncpy(y, x, n), addBytes(t, n + 1);
  memset(t, '/', n + 1), add(stpncpy(y, x, n + 1) - y), addBytes(t, n + 1);
  t[0] = 0, strcat(y, x), addBytes(t, n + 1);
  t[0] = 0, strncat(y, x, n), addBytes(t, n + 1);
  add((unsigned char *)memccpy(t, s, 0, n + 1) - t);
  size_t half = n / 2, shift = half > 9 ? 9 : half;
  memmove(t + shift, t, n - shift), addBytes(t, n + 1);
  memmove(t, t + shift, n - shift), addBytes(t, n + 1);
  // Around the piece nothing changed.
  for (int i = 1; i <= 64; i++) {
    if (t - i >= strip[1]) add(t[-i]);
    if (t + n + i < strip[1] + 2 * PAGE) add(t[n + i]);
  }
}

static void wide(int atEnd, int gap, size_t n) {
  wchar_t *s = (wchar_t *)place(0, atEnd, 4 * (n + 1), 4 * gap), *t = (wchar_t *)place(1, atEnd, 4 * (n + 1), 4 * ((gap * 3) & 15));
  for (size_t i = 0; i < n; i++) s[i] = 'b' + next() % 1000;
  s[n] = 0;
  add(wcslen(s)), add(wcsnlen(s, n + 1)), add(wcschr(s, 'a') == NULL), add(wmemchr(s, 0, n + 1) - s), add(wcsrchr(s, 'a') == NULL);
  wcscpy(t, s), add(wcscmp(s, t)), add(wmemcmp(s, t, n + 1)), add(wcsncmp(s, t, n + 9));
  if (n) {
    t[n - 1] ^= 0x10000;
    add(sign(wcscmp(s, t))), add(sign(wmemcmp(s, t, n))), add(sign(wcsncmp(t, s, n)));
    s[next() % n] = 'a';
    add(wcschr(s, 'a') - s), add(wcsrchr(s, 'a') - s);
  }
  wmemset(t, 'w', n), addBytes(t, 4 * n + 4);
}

int main(void) {
  for (int i = 0; i < 2; i++) {
    unsigned char *p = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strip[i] = p + PAGE;
    if (p == MAP_FAILED || mprotect(strip[i], 2 * PAGE, PROT_READ | PROT_WRITE)) return 1;
  }
  for (int atEnd = 0; atEnd < 2; atEnd++) {
    for (int gap = 0; gap < 64; gap++) {
      for (int i = 0; i < COUNT; i++) searches(atEnd, gap, LENGTHS[i]);
      printf("search %d %d %016lx\n", atEnd, gap, (unsigned long)sum);
      for (int i = 0; i < COUNT; i++) comparisons(atEnd, gap, (gap * 5 + i) & 63, LENGTHS[i]);
      printf("compare %d %d %016lx\n", atEnd, gap, (unsigned long)sum);
      for (int i = 0; i < COUNT; i += 2) copies(atEnd, gap, (gap * 3 + i) & 63, LENGTHS[(i + gap % 2) % COUNT]);
      printf("copy %d %d %016lx\n", atEnd, gap, (unsigned long)sum);
      for (int i = 0; gap < 16 && i < COUNT; i++) wide(atEnd, gap, LENGTHS[i]);
      printf("wide %d %d %016lx\n", atEnd, gap, (unsigned long)sum);
    }
  }
  // Large pieces: rep movs and stores past the cache, forwards and backwards.
  size_t size = 6 << 20;
  unsigned char *big = malloc(size);
  for (size_t i = 0; i < size; i += 97) big[i] = next();
  for (int i = 0; i < 12; i++) {
    size_t n = (size_t)1 << (11 + i % 12), from = next() % 4096, to = from + next() % 512;
    if (n > size - 8192) n = size - 8192;
    memmove(big + to, big + from, n);
    memmove(big + from, big + to, n);
    memset(big + from + n / 2, i, n / 3);
    for (size_t j = 0; j < size; j += 4001) add(big[j]);
    add(memcmp(big + from, big + to, n) > 0), add((unsigned char *)memchr(big + from, 0xee, n) != NULL);
    printf("large %zu %016lx\n", n, (unsigned long)sum);
  }
  return 0;
}
