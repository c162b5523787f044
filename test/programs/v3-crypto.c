// cpu: x86-64-v3,+aes,+pclmulqdq,+sha,+adx
// flags: -O2 -march=x86-64-v3 -maes -mpclmul -msha -madx
// AES, carry-less products, CRC-32C, SHA, multi-precision carries and half floats by intrinsics.
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void print(const char *name, const void *data, int size) {
  printf("%s ", name);
  for (int i = 0; i < size; i++) printf("%02x", ((const uint8_t *)data)[i]);
  printf("\n");
}

#define EXPAND(k, rcon) expand(k, _mm_aeskeygenassist_si128(k, rcon))
static __m128i expand(__m128i key, __m128i assist) {
  assist = _mm_shuffle_epi32(assist, 0xff);
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  return _mm_xor_si128(key, assist);
}
// FIPS 197, appendix B and C.1.
static void aes(const uint8_t *key, const uint8_t *plain) {
  __m128i k[11];
  k[0] = _mm_loadu_si128((const __m128i *)key);
  k[1] = EXPAND(k[0], 1), k[2] = EXPAND(k[1], 2), k[3] = EXPAND(k[2], 4), k[4] = EXPAND(k[3], 8), k[5] = EXPAND(k[4], 16);
  k[6] = EXPAND(k[5], 32), k[7] = EXPAND(k[6], 64), k[8] = EXPAND(k[7], 128), k[9] = EXPAND(k[8], 27), k[10] = EXPAND(k[9], 54);
  __m128i state = _mm_xor_si128(_mm_loadu_si128((const __m128i *)plain), k[0]);
  for (int i = 1; i < 10; i++) state = _mm_aesenc_si128(state, k[i]);
  state = _mm_aesenclast_si128(state, k[10]);
  print("cipher", &state, 16);
  state = _mm_xor_si128(state, k[10]);
  for (int i = 9; i > 0; i--) state = _mm_aesdec_si128(state, _mm_aesimc_si128(k[i]));
  state = _mm_aesdeclast_si128(state, k[0]);
  print("plain", &state, 16);
}

int main(void) {
  aes((const uint8_t *)"\x2b\x7e\x15\x16\x28\xae\xd2\xa6\xab\xf7\x15\x88\x09\xcf\x4f\x3c", (const uint8_t *)"\x32\x43\xf6\xa8\x88\x5a\x30\x8d\x31\x31\x98\xa2\xe0\x37\x07\x34");
  aes((const uint8_t *)"\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf", (const uint8_t *)"\0\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");

  uint8_t data[4099];
  for (int i = 0; i < 4099; i++) data[i] = i * 31 + (i >> 5);
  uint64_t crc = 0xffffffff;
  for (int i = 0; i + 8 <= 4099; i += 8) crc = _mm_crc32_u64(crc, *(const uint64_t *)(data + i));
  for (int i = 4096; i < 4099; i++) crc = _mm_crc32_u8(crc, data[i]);
  printf("crc32c %08lx\n", crc ^ 0xffffffff);

  __m128i x = _mm_loadu_si128((const __m128i *)data), y = _mm_loadu_si128((const __m128i *)(data + 100)), sum = x;
  for (int i = 0; i < 100; i++) {
    sum = _mm_xor_si128(_mm_clmulepi64_si128(sum, y, 0x00), _mm_clmulepi64_si128(sum, x, 0x11));
    sum = _mm_xor_si128(sum, _mm_clmulepi64_si128(sum, y, 0x10));
  }
  print("clmul", &sum, 16);

  __m128i abef = x, cdgh = y, msg = _mm_loadu_si128((const __m128i *)(data + 200));
  for (int i = 0; i < 32; i++) {
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, msg);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(msg, 0x0e));
    msg = _mm_sha256msg2_epu32(_mm_sha256msg1_epu32(msg, x), abef);
    x = _mm_sha1rnds4_epu32(x, _mm_sha1nexte_epu32(y, msg), 1);
    y = _mm_sha1msg2_epu32(_mm_sha1msg1_epu32(y, x), msg);
  }
  print("sha256", &abef, 16);
  print("sha1", &y, 16);

  unsigned long long wide[4] = {-1ull, -1ull, 0x123456789abcdef0ull, 1}, more[4] = {1, 0, 0xfedcba9876543210ull, 2}, high;
  unsigned char carry = 0, other = 1;
  for (int i = 0; i < 4; i++) carry = _addcarryx_u64(carry, wide[i], more[i], &wide[i]), other = _addcarryx_u64(other, more[i], wide[3], &more[i]);
  unsigned long long low = _mulx_u64(wide[2], more[2], &high);
  printf("adx %d %d %llx %llx %llx %llx mulx %llx %llx\n", carry, other, wide[0], wide[1], wide[2], more[3], high, low);
  printf("bits %llx %llx %llx %llx %llu %llu %llx\n", _pdep_u64(wide[2], more[2]), _pext_u64(wide[2], more[2]), _bzhi_u64(low, 13), _bextr_u64(low, 5, 17),
         _lzcnt_u64(low >> 3), _tzcnt_u64(low << 5), _blsr_u64(low) ^ _blsi_u64(high) ^ _blsmsk_u64(low));

  float floats[8] = {1.0f, -0.1f, 65519.9f, 65520.0f, 1e-7f, 5.96e-8f, -1e-5f, 3.14159f}, back[8];
  __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(floats), _MM_FROUND_TO_NEAREST_INT);
  _mm256_storeu_ps(back, _mm256_cvtph_ps(halves));
  print("half", &halves, 16);
  for (int i = 0; i < 8; i++) printf("%a ", back[i]);
  printf("\n");
  return 0;
}
