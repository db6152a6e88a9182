/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.c - packet filters: a library says, in a language that the kernel can check, which
 * packets are its own. A packet goes to the first environment whose filter it passes. Packets
 * come from environments: the machine has one network, its own.
 */
#include "kernel.h"
#include "string.h"

struct packet {
    uint32_t size;
    uint32_t word[PACKET_SIZE / 4];
};

/* One for each environment. */
static struct inbox {
    uint32_t ops; /* 0: no filter */
    struct filter_op op[FILTER_OPS];
    struct packet queue[PACKET_QUEUE];
    uint32_t first, size;
} inboxes[ENVS];

static struct inbox *inbox_of(const struct env *e)
{
    return &inboxes[e - envs];
}

void filter_forget(const struct env *e)
{
    inbox_of(e)->ops = 0;
    inbox_of(e)->size = 0;
}

static bool op_is_good(const struct filter_op *op)
{
    return op->kind <= FILTER_GREATER && op->word < PACKET_SIZE / sizeof(uint32_t) &&
           op->reserved == 0;
}

/* Copied before it is checked: the page remains the library's. */
int32_t call_filter_install(const uint32_t *a)
{
    struct filter_op ops[FILTER_OPS];
    const void *from;

    if (a[2] > FILTER_OPS || a[1] % sizeof(uint32_t))
        return -EINVAL;
    from = page_range(current->group, a[0], a[1], a[2] * sizeof(*ops), MAP_R);
    if (!from)
        return -EPERM;
    memcpy(ops, from, a[2] * sizeof(*ops));
    for (uint32_t i = 0; i < a[2]; i++)
        if (!op_is_good(&ops[i]))
            return -EINVAL;
    filter_forget(current);
    memcpy(inbox_of(current)->op, ops, a[2] * sizeof(*ops));
    inbox_of(current)->ops = a[2];
    return 0;
}

static bool holds(const struct filter_op *op, const struct packet *p)
{
    uint32_t word = p->word[op->word] & op->mask;

    switch (op->kind) {
    case FILTER_EQUAL: return word == op->value;
    case FILTER_LESS: return word < op->value;
    default: return word > op->value;
    }
}

static bool passes(const struct inbox *in, const struct packet *p)
{
    for (uint32_t i = 0; i < in->ops; i++)
        if (!holds(&in->op[i], p))
            return false;
    return in->ops > 0;
}

static int32_t deliver(struct env *e, const struct packet *p)
{
    struct inbox *in = inbox_of(e);

    if (in->size == PACKET_QUEUE)
        return -EAGAIN;
    in->queue[(in->first + in->size++) % PACKET_QUEUE] = *p;
    env_wake(e);
    return 1;
}

int32_t call_packet_send(const uint32_t *a)
{
    const void *from = page_range(current->group, a[0], a[1], a[2], MAP_R);
    struct packet packet = {.size = a[2]};

    if (a[2] > PACKET_SIZE)
        return -EINVAL;
    if (!from)
        return -EPERM;
    memcpy(packet.word, from, a[2]);
    for (struct env *e = envs; e < envs + ENVS; e++)
        if (e->state != ENV_FREE && passes(inbox_of(e), &packet))
            return deliver(e, &packet);
    return 0;
}

int32_t call_packet_take(const uint32_t *a)
{
    char *to = page_range(current->group, a[0], a[1], PACKET_SIZE, MAP_R | MAP_W);
    struct inbox *in = inbox_of(current);
    const struct packet *p = &in->queue[in->first];

    if (!to)
        return -EPERM;
    if (in->size == 0)
        return -EAGAIN;
    memcpy(to, p->word, PACKET_SIZE);
    in->first = (in->first + 1) % PACKET_QUEUE;
    in->size--;
    return (int32_t)p->size;
}
