/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * digest.c - digest [N]: the SHA-256 (FIPS 180-4) of N kilobytes of zeros, 32 by default; with
 * N = 0 of the standard input.
 */
#include "user.h"

enum { BLOCK = 64, ROUNDS = 64, LENGTH_BYTES = 8 };

struct sha {
    uint32_t h[8];
    uint8_t block[BLOCK];
    uint32_t used;
    uint64_t bytes;
};

/* The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t k[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
};

static uint32_t rotate(uint32_t x, uint32_t n)
{
    return x >> n | x << (32 - n);
}

static void schedule(const uint8_t *block, uint32_t *w)
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < ROUNDS; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];

        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

static void compress(struct sha *s)
{
    uint32_t w[ROUNDS], v[8];

    schedule(s->block, w);
    memcpy(v, s->h, sizeof(v));
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t a = v[0], e = v[4];
        uint32_t t1 = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                      ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                      ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

        memmove(v + 1, v, 7 * sizeof(*v));
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        s->h[i] += v[i];
}

static void add(struct sha *s, const uint8_t *bytes, uint32_t n)
{
    s->bytes += n;
    while (n-- > 0) {
        s->block[s->used++] = *bytes++;
        if (s->used == BLOCK) {
            compress(s);
            s->used = 0;
        }
    }
}

static void finish(struct sha *s)
{
    static const uint8_t one = 0x80, zero = 0;
    uint64_t bits = s->bytes * 8;
    uint8_t length[LENGTH_BYTES];

    for (int i = 0; i < LENGTH_BYTES; i++)
        length[i] = (uint8_t)(bits >> 8 * (LENGTH_BYTES - 1 - i));
    add(s, &one, 1);
    while (s->used != BLOCK - LENGTH_BYTES)
        add(s, &zero, 1);
    add(s, length, LENGTH_BYTES);
}

int main(int argc, char **argv)
{
    static struct sha s = {.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    static uint8_t buffer[1024];
    uint32_t n = number_argument(argc, argv, 32);
    int got;

    for (uint32_t i = 0; i < n; i++)
        add(&s, buffer, sizeof(buffer));
    while (n == 0 && (got = read(0, buffer, sizeof(buffer))) > 0)
        add(&s, buffer, (uint32_t)got);
    finish(&s);
    for (int i = 0; i < 8; i++)
        printf("%08x", s.h[i]);
    printf("\n");
    return 0;
}
