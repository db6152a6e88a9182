/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * classify.c - classify [N]: which of a table of filters an IPv4 packet belongs to, for N
 * packets. A filter is a list of masked comparisons of 16-bit words (after Mogul, Rashid &
 * Accetta's packet filter, 1987); the first that holds in full has the packet. Packets are made
 * up, the same in each run. Nothing but computing; where packets come from is a system's affair.
 */
#include "user.h"

enum {
    DEFAULT_PACKETS = 20000,
    WORDS = 12, /* 20 bytes of IPv4's header, and the ports */
    TESTS = 4,
    TCP = 6,
    UDP = 17,
    VERSION = 0x4500,
    /* Words of a packet. */
    AT_VERSION = 0,
    AT_PROTOCOL = 4, /* its lower byte */
    AT_TO_HIGH = 8,
    AT_TO_LOW = 9,
    AT_PORT = 11,
};

struct test {
    uint16_t word, mask, value;
};

struct filter {
    const char *name;
    uint32_t tests;
    struct test test[TESTS];
};

#define IS_IPV4                                                                                \
    {                                                                                          \
        AT_VERSION, 0xff00, VERSION                                                            \
    }
#define IS(protocol)                                                                           \
    {                                                                                          \
        AT_PROTOCOL, 0x00ff, protocol                                                          \
    }
#define TO_PORT(port)                                                                          \
    {                                                                                          \
        AT_PORT, 0xffff, port                                                                  \
    }

static const struct filter filters[] = {
    {"ssh", 3, {IS_IPV4, IS(TCP), TO_PORT(22)}},
    {"web", 3, {IS_IPV4, IS(TCP), TO_PORT(80)}},
    {"names", 3, {IS_IPV4, IS(UDP), TO_PORT(53)}},
    {"time", 3, {IS_IPV4, IS(UDP), TO_PORT(123)}},
    {"multicast", 2, {IS_IPV4, {AT_TO_HIGH, 0xf000, 0xe000}}},
    {"host", 3, {IS_IPV4, {AT_TO_HIGH, 0xffff, 0x0a00}, {AT_TO_LOW, 0xffff, 0x0001}}},
    {"tcp", 2, {IS_IPV4, IS(TCP)}},
    {"other", 0, {{0}}},
};

enum { FILTERS = sizeof(filters) / sizeof(filters[0]) };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 16;
}

static void make_packet(uint16_t *packet, uint32_t *state)
{
    static const uint16_t ports[] = {22, 80, 80, 53, 123, 8080, 443, 6667};
    static const uint16_t hosts[] = {0x0a00, 0x0a00, 0xc0a8, 0xe000};

    for (int i = 0; i < WORDS; i++)
        packet[i] = (uint16_t)next_random(state);
    packet[AT_VERSION] = next_random(state) % 16 ? VERSION : 0x6000;
    packet[AT_PROTOCOL] = (uint16_t)(0x4000 | (next_random(state) % 2 ? TCP : UDP));
    packet[AT_TO_HIGH] = hosts[next_random(state) % 4];
    packet[AT_TO_LOW] = (uint16_t)(next_random(state) % 4);
    packet[AT_PORT] = ports[next_random(state) % 8];
}

static bool belongs(const struct filter *f, const uint16_t *packet)
{
    for (uint32_t i = 0; i < f->tests; i++)
        if ((packet[f->test[i].word] & f->test[i].mask) != f->test[i].value)
            return false;
    return true;
}

static uint32_t classify(const uint16_t *packet)
{
    uint32_t i = 0;

    while (!belongs(&filters[i], packet))
        i++;
    return i;
}

int main(int argc, char **argv)
{
    uint32_t n = number_argument(argc, argv, DEFAULT_PACKETS);
    uint32_t found[FILTERS] = {0};
    uint32_t state = 1;

    measure_start();
    for (uint32_t i = 0; i < n; i++) {
        uint16_t packet[WORDS];

        make_packet(packet, &state);
        found[classify(packet)]++;
    }
    if (n > 0)
        measure_report("classify", n);
    for (uint32_t i = 0; i < FILTERS; i++)
        printf("classify: %s %u\n", filters[i].name, found[i]);
    return 0;
}
