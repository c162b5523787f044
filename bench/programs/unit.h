// One piece of a source file for a compiler to work on; NAME makes its names different from the other pieces'.
struct NAME(item) {
  struct NAME(item) * next;
  unsigned long key;
  int values[16];
  double weight;
};

static struct NAME(item) * NAME(table)[64];

static unsigned long NAME(hash)(const char *text) {
  unsigned long hash = 5381;
  for (; *text; text++) hash = hash * 33 ^ (unsigned char)*text;
  return hash;
}

static struct NAME(item) * NAME(find)(unsigned long key) {
  struct NAME(item) *each = NAME(table)[key % 64];
  while (each && each->key != key) each = each->next;
  return each;
}

static int NAME(parse)(const char *text, double *result) {
  int sign = 1, digits = 0, exponent = 0;
  double value = 0;
  while (*text == ' ' || *text == '\t') text++;
  switch (*text) {
    case '-': sign = -1;
    case '+': text++; break;
    case 'n': *result = 0; return 1;
    case 'i': *result = 1e300; return 2;
    case 'x':
      for (text++; *text; text++) {
        int digit = *text >= 'a' ? *text - 'a' + 10 : *text - '0';
        if (digit < 0 || digit > 15) return -1;
        value = value * 16 + digit;
      }
      *result = value;
      return 3;
  }
  for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (*text - '0'), digits++;
  if (*text == '.')
    for (text++; *text >= '0' && *text <= '9'; text++) value = value * 10 + (*text - '0'), exponent--, digits++;
  for (; exponent < 0; exponent++) value /= 10;
  *result = sign * value;
  return digits ? 0 : -1;
}

static void NAME(sort)(struct NAME(item) * items, int count) {
  for (int gap = count / 2; gap > 0; gap /= 2)
    for (int i = gap; i < count; i++) {
      struct NAME(item) item = items[i];
      int j = i;
      for (; j >= gap && items[j - gap].weight > item.weight; j -= gap) items[j] = items[j - gap];
      items[j] = item;
    }
}

static double NAME(multiply)(double a[16][16], double b[16][16], double c[16][16]) {
  double trace = 0;
  for (int i = 0; i < 16; i++) {
    for (int j = 0; j < 16; j++) {
      double sum = 0;
      for (int k = 0; k < 16; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
    trace += c[i][i];
  }
  return trace;
}

int NAME(run)(const char **texts, int count, struct NAME(item) * items) {
  double a[16][16], b[16][16], c[16][16], total = 0;
  for (int i = 0; i < count; i++) {
    struct NAME(item) *item = NAME(find)(NAME(hash)(texts[i]));
    double value;
    if (NAME(parse)(texts[i], &value) < 0) continue;
    if (!item) {
      item = items + i % 100;
      item->key = NAME(hash)(texts[i]);
      item->next = NAME(table)[item->key % 64];
      NAME(table)[item->key % 64] = item;
    }
    item->weight += value;
    for (int j = 0; j < 16; j++) item->values[j] += (int)value >> j & 1;
    a[i % 16][i / 16 % 16] = value, b[i / 16 % 16][i % 16] = -value;
  }
  NAME(sort)(items, count < 100 ? count : 100);
  total = NAME(multiply)(a, b, c);
  return total > 0 ? (int)total : -1;
}
