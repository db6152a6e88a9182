/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - runs every attack, and ends with a line for machines to read. An environment that is
 * started with an argument plays a role instead.
 */
#include "hostile.h"
#include "string.h"

enum { TRIES = 200, TICKS_PER_MS_DIVISOR = 1000 };

struct attack {
    const char *name;
    bool (*run)(void);
};

static const struct attack attacks[] = {
#define ATTACK(name) {#name, attack_##name},
#include "attacks.def"
#undef ATTACK
};

uint32_t name_of(const struct page *p)
{
    return flat_info->first_page + (uint32_t)(p - owners);
}

static uint32_t group_of_us;

uint32_t own_group(void)
{
    return group_of_us;
}

void sleep_ms(uint32_t ms)
{
    uint64_t until = exo_time() + (uint64_t)(flat_info->timebase / TICKS_PER_MS_DIVISOR) * ms;

    while (exo_time() < until)
        exo_sleep(until);
}

static void map_board(uint32_t env, uint32_t name)
{
    flat_map(env, NONE, BOARD, name, MAP_R | MAP_W | MAP_KEEP);
}

uint32_t start_role(const char *role)
{
    int32_t env = flat_new_environment(flat_file("hostile"), role, NONE);

    if (env < 0)
        return NONE;
    map_board((uint32_t)env, board->page);
    exo_slice_alloc((uint32_t)env, NONE);
    exo_env_start((uint32_t)env);
    return (uint32_t)env;
}

/* In a group of its own, which we have made: gives the group. */
int32_t start_role_in(const char *role, uint32_t pages)
{
    return flat_start_system("hostile", role, pages, 2);
}

bool ends(uint32_t env)
{
    for (int i = 0; i < TRIES; i++) {
        if (exo_env_status(env) < 0)
            return true;
        sleep_ms(1);
    }
    return false;
}

static void look(uint32_t image_table)
{
    for (uint32_t i = 0; i < flat_info->owner_pages; i++)
        flat_map(SELF, NONE, OWNERS + i * PAGE, flat_info->owner_page + i, MAP_R);
    group_of_us = owners[image_table - flat_info->first_page].group;
}

void flat_main(const char *role, uint32_t image_table)
{
    uint32_t succeeded = 0, n = sizeof(attacks) / sizeof(attacks[0]);
    int32_t page;

    look(image_table);
    if (role[0]) {
        if (!play(role))
            flat_print("hostile: no role %s\n", role);
        exo_env_destroy(SELF);
    }
    page = exo_page_alloc(NONE, 0);
    map_board(SELF, (uint32_t)page);
    board->page = (uint32_t)page;
    for (uint32_t i = 0; i < n; i++) {
        bool withstood = attacks[i].run();

        flat_print("hostile: %s: %s\n", attacks[i].name, withstood ? "withstood" : "SUCCEEDED");
        succeeded += !withstood;
    }
    flat_print("hostile: %u attacks, %u succeeded\n", n, succeeded);
    exo_group_end(succeeded != 0);
    for (;;)
        ;
}
