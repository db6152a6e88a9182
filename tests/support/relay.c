/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relay.c - two engines that take turns. */
#include "tests/support/relay.h"

#include <stdlib.h>

struct relay {
    struct engine engine;
    struct engine_ops ops; /* what the two leave untrapped, together */
    const struct engine_maker *makers[2];
    struct engine *engines[2];
    unsigned turn;
};

static struct relay *relay_of(struct engine *engine)
{
    return (struct relay *)engine; /* its engine is where it begins */
}

/* The other has seen no store: any byte of code may have changed. */
static void run(struct engine *engine, struct hart *hart, uint64_t budget,
                struct engine_exit *exit)
{
    struct relay *relay = relay_of(engine);
    struct engine *other = relay->engines[relay->turn ^ 1];

    relay->engines[relay->turn]->passed = engine->passed;
    relay->engines[relay->turn]->pauses = engine->pauses;
    relay->engines[relay->turn]->inside = engine->inside;
    engine_run(relay->engines[relay->turn], hart, budget, exit);
    engine_code_changed(other, engine->phys.base, (uint32_t)engine->phys.size);
    relay->turn ^= 1;
}

static void set_space(struct engine *engine, const struct engine_space *space)
{
    for (unsigned i = 0; i < 2; i++)
        engine_set_space(relay_of(engine)->engines[i], space);
}

static void drop_all(struct engine *engine)
{
    for (unsigned i = 0; i < 2; i++)
        engine_drop_all(relay_of(engine)->engines[i]);
}

static void code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    for (unsigned i = 0; i < 2; i++)
        engine_code_changed(relay_of(engine)->engines[i], pa, len);
}

static void stops_changed(struct engine *engine)
{
    for (unsigned i = 0; i < 2; i++)
        engine_set_stops(relay_of(engine)->engines[i], engine->stops);
}

static const struct engine_ops relay_ops = {
    .name = "relay",
    .abilities = ENGINE_NATIVE | ENGINE_SECOND_STAGE,
    .run = run,
    .set_space = set_space,
    .drop_all = drop_all,
    .code_changed = code_changed,
    .stops_changed = stops_changed,
};

struct engine *relay_create(const struct engine_maker *first, const struct engine_maker *second,
                            uint8_t *ram, uint64_t size)
{
    struct relay *relay = calloc(1, sizeof *relay);

    if (!relay)
        abort();
    relay->makers[0] = first;
    relay->makers[1] = second;
    relay->ops = relay_ops;
    relay->engine = (struct engine){.ops = &relay->ops, .phys = {.ram = ram, .size = size}};
    for (unsigned i = 0; i < 2; i++) {
        const struct engine_ops *ops;

        relay->engines[i] = relay->makers[i]->create(ram, size);
        if (!relay->engines[i])
            abort();
        ops = relay->engines[i]->ops;
        relay->ops.abilities &= ops->abilities;
        if (ops->untrapped_count) {
            relay->ops.untrapped = ops->untrapped;
            relay->ops.untrapped_count = ops->untrapped_count;
        }
    }
    return &relay->engine;
}

void relay_destroy(struct engine *engine)
{
    struct relay *relay = relay_of(engine);

    for (unsigned i = 0; i < 2; i++)
        relay->makers[i]->destroy(relay->engines[i]);
    free(relay);
}
