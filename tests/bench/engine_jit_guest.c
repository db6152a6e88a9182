/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine_jit_guest.c - the loops that engine_jit.c times: run(n) does the n-th and returns a sum
 * of what it has computed. Made for PZ32 by clang, without any library; see engine_jit.c.
 */

/* First in the file, so first in memory. */
__asm__(".text\n lui sp, 0x800\n call run\n ecall");

typedef unsigned int word;
typedef unsigned char byte;

static byte bytes[1 << 20];
static word words[65536];
static word state = 1;

static word next(void)
{
    state = state * 1664525 + 1013904223;
    return state >> 8;
}

static void shell_sort(word *array, int n)
{
    for (int gap = n / 4; gap > 0; gap /= 2)
        for (int i = gap; i < n; i++) {
            word value = array[i];
            int at = i;

            for (; at >= gap && array[at - gap] > value; at -= gap)
                array[at] = array[at - gap];
            array[at] = value;
        }
}

static word sort(void)
{
    word sum = 0;

    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < 4096; i++)
            words[i] = next();
        shell_sort(words, 4096);
        sum = sum * 31 + words[100];
    }
    return sum;
}

static word sieve(void)
{
    const word limit = sizeof bytes;
    word count = 0;

    for (word i = 0; i < limit; i++)
        bytes[i] = 1;
    for (word i = 2; i < limit; i++) {
        if (!bytes[i])
            continue;
        count++;
        for (word k = i + i; k < limit; k += i)
            bytes[k] = 0;
    }
    return count;
}

static word crc(void)
{
    static word table[256];
    word sum = ~0u;

    for (word i = 0; i < 256; i++) {
        table[i] = i;
        for (int k = 0; k < 8; k++)
            table[i] = table[i] & 1 ? table[i] >> 1 ^ 0xedb88320 : table[i] >> 1;
    }
    for (int round = 0; round < 8; round++)
        for (word i = 0; i < sizeof bytes; i++)
            sum = table[(sum ^ bytes[i]) & 255] ^ sum >> 8;
    return sum;
}

static word copy(void)
{
    word sum = 0, *to = (word *)bytes;

    for (word round = 0; round < 200; round++) {
        for (word i = 0; i < 65536; i++)
            to[i] = words[i];
        words[round] = round + 1;
        sum += to[round];
    }
    return sum;
}

static word chase(void)
{
    word at = 0;

    for (word i = 0; i < 65536; i++)
        words[i] = i;
    for (word i = 65535; i > 0; i--) {
        word k = next() % i, swap = words[i];

        words[i] = words[k];
        words[k] = swap;
    }
    for (int i = 0; i < 10000000; i++)
        at = words[at];
    return at;
}

static int fibonacci(int n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static word calls(void)
{
    static int (*volatile function)(int) = fibonacci;

    return (word)function(32);
}

static word matrix(void)
{
    static word a[64][64], b[64][64], c[64][64];
    word sum = 0;

    for (int i = 0; i < 4096; i++)
        a[i / 64][i % 64] = next(), b[i / 64][i % 64] = next();
    for (int round = 0; round < 40; round++, sum = sum * 3 + c[round][7], a[0][round] = sum)
        for (int i = 0; i < 64; i++)
            for (int k = 0; k < 64; k++) {
                c[i][k] = 0;
                for (int m = 0; m < 64; m++)
                    c[i][k] += a[i][m] * b[m][k];
            }
    return sum;
}

static word interpreter(void)
{
    static const byte program[] = {0, 1, 5, 2, 3, 1, 4, 6};
    word sum = 0, x = 3, left = 3000000;

    for (word at = 0;;)
        switch (program[at++]) {
        case 0: sum += x; break;
        case 1: x = x * 5 + 1; break;
        case 2: sum ^= x >> 3; break;
        case 3: x ^= sum; break;
        case 4: sum -= left; break;
        case 5: x += sum & 7; break;
        default:
            at = 0;
            if (!--left)
                return sum;
        }
}

word run(word which);
word run(word which)
{
    static word (*const loops[])(void) = {sort,  sieve, crc,    copy,
                                          chase, calls, matrix, interpreter};

    return loops[which]();
}
