/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chase.c - follows a chain of pointers through 1 MiB in an order that no prefetcher predicts.
 */
#include "user.h"

enum { BYTES = 1 << 20, STRIDE = 64, NODES = BYTES / STRIDE };

struct node {
    struct node *next;
    uint32_t value;
};

static struct node *node_at(uint32_t i)
{
    return (struct node *)(ARENA + i * STRIDE);
}

/* One cycle through all nodes: Sattolo's shuffle of the order in which they are met. */
void compute_setup(void)
{
    uint32_t state = 6;

    map(ARENA, BYTES / PAGE_SIZE);
    for (uint32_t i = 0; i < NODES; i++) {
        node_at(i)->next = node_at(i);
        node_at(i)->value = i;
    }
    for (uint32_t i = NODES - 1; i > 0; i--) {
        struct node *one = node_at(i), *other = node_at(next_random(&state) % i);
        struct node *next = one->next;

        one->next = other->next;
        other->next = next;
    }
}

uint32_t compute_once(void)
{
    const struct node *at = node_at(0);
    uint32_t sum = 0;

    for (uint32_t i = 0; i < NODES; i++, at = at->next)
        sum = mix(sum, at->value);
    return sum;
}
