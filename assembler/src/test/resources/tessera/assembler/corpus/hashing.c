// Hashes: shifts, rotations, multiplications, tables.
typedef unsigned int u32; typedef unsigned long u64; typedef unsigned char u8;
static u32 table[256]; static int ready;
static void fill(void) { for (u32 i = 0; i < 256; i++) { u32 c = i; for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1; table[i] = c; } ready = 1; }
u32 crc(const u8 *p, long n) { if (!ready) fill(); u32 c = ~0u; while (n--) c = table[(c ^ *p++) & 255] ^ c >> 8; return ~c; }
u64 fnv(const u8 *p, long n) { u64 h = 0xcbf29ce484222325u; while (n--) { h ^= *p++; h *= 0x100000001b3u; } return h; }
u32 adler(const u8 *p, long n) { u32 a = 1, b = 0; while (n--) { a = (a + *p++) % 65521; b = (b + a) % 65521; } return b << 16 | a; }
u32 murmur(u32 h) { h ^= h >> 16; h *= 0x85ebca6b; h ^= h >> 13; h *= 0xc2b2ae35; return h ^ h >> 16; }
u64 random64(u64 s[4]) { u64 r = (s[1] * 5 << 7 | s[1] * 5 >> 57) * 9, t = s[1] << 17; s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = s[3] << 45 | s[3] >> 19; return r; }
static const u32 k[16] = {0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821};
void round1(u32 s[4], const u32 m[16]) { u32 a = s[0], b = s[1], c = s[2], d = s[3]; for (int i = 0; i < 16; i++) { u32 f = (b & c) | (~b & d), t = d; d = c; c = b; u32 x = a + f + k[i] + m[i]; static const u8 r[4] = {7, 12, 17, 22}; b += x << r[i & 3] | x >> (32 - r[i & 3]); a = t; } s[0] += a; s[1] += b; s[2] += c; s[3] += d; }
