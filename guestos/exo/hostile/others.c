/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * others.c - attacks on all but memory: environments, groups, slices, devices, revocation.
 */
#include "hostile.h"
#include "string.h"

enum { ROUNDS = 2, GENERATIONS = 4, GROUP_PAGES = 160, ASK = 40, SLICE_MS = 10 };

/* Names can be guessed: they are not secret, and of no use. */
bool attack_others_environments(void)
{
    uint32_t got = 0, seen = 0;

    for (uint32_t i = 0; i < ENVS; i++) {
        for (uint32_t generation = 1; generation <= GENERATIONS; generation++) {
            uint32_t env = generation << 8 | i;

            if (i == 0 && exo_env_status(env) == 0)
                seen++;
            if (exo_map(env, SCRATCH, NONE, 0) == -EPERM) {
                got += exo_map(env, SCRATCH, board->page, MAP_R | MAP_W) != -EPERM;
                got += exo_map_table(env, SCRATCH, NONE) != -EPERM;
                got += exo_env_destroy(env) != -EPERM;
                got += exo_env_start(env) != -EPERM;
                got += exo_slice_alloc(env, NONE) != -EPERM;
            }
        }
    }
    return got == 0 && seen == 1;
}

bool attack_others_groups(void)
{
    uint32_t got = 0;

    for (uint32_t group = 0; group < GROUPS + 2; group++) {
        got += exo_group_status(group) != -EPERM;
        got += exo_revoke(group, 1, 1) != -EPERM;
        got += exo_page_give(board->page, group) == 0;
    }
    return got == 0 && exo_group_create(0xffffffff, 1) == -ENOMEM &&
           exo_group_create(1, 0xffffffff) == -ENOMEM;
}

/* Every number, with arguments that make no sense; those that would end us left out. */
bool attack_bad_calls(void)
{
    static const uint32_t values[] = {2, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xc0000000};
    uint32_t bad = 0;

    for (uint32_t number = CALL_power + 2; number < EXO_RESUME; number++)
        bad += exo_call4(number, 1, 2, 3, 4) != -ENOSYS;
    bad += exo_call4(EXO_CALLS, 1, 2, 3, 4) != -ENOSYS;
    for (int i = 0; i < 6; i++) {
        bad += exo_page_free(values[i]) == 0;
        bad += exo_wake(values[i]) >= 0;
        bad += exo_yield(values[i]) >= 0;
        bad += exo_page_alloc(values[i] | 0x40000000, 0) >= 0;
        bad += exo_filter_install(values[i], values[i], values[i] | 1) >= 0;
        bad += exo_disk_bind(values[i] | 0x10000, values[i], 1) >= 0;
        bad += exo_console_give(values[i] | GROUPS) >= 0;
    }
    return bad == 0;
}

bool attack_exceed_slices(void)
{
    const struct group_info *g = &flat_info->group[own_group()];
    int32_t slot[SLOTS];
    uint32_t n = 0;
    bool good;

    while (n < SLOTS && (slot[n] = exo_slice_alloc(SELF, NONE)) >= 0)
        n++;
    good = g->slices == g->slices_limit && n < g->slices_limit;
    while (n > 0)
        good = exo_slice_free((uint32_t)slot[--n]) == 0 && good;
    return good && exo_slice_alloc(SELF, SLOTS) == -EINVAL;
}

bool attack_exceed_environments(void)
{
    const struct group_info *g = &flat_info->group[own_group()];
    uint32_t env[ENVS], n = 0;
    int32_t last = 0;
    bool good;

    while (n < ENVS && last >= 0) {
        int32_t root = exo_page_alloc(NONE, 0), save = exo_page_alloc(NONE, 0);

        last = exo_env_create((uint32_t)root, (uint32_t)save, NONE);
        if (last < 0) {
            exo_page_free((uint32_t)root);
            exo_page_free((uint32_t)save);
        } else {
            env[n++] = (uint32_t)last;
        }
    }
    good = last == -EAGAIN && g->environments == g->slices_limit;
    while (n > 0)
        good = exo_env_destroy(env[--n]) == 0 && good;
    return good;
}

/* Which slots are ours is what we have taken: all others are refused. */
bool attack_others_slots(void)
{
    const struct group_info *g = &flat_info->group[own_group()];
    uint32_t before = g->slices, freed = 0;

    for (uint32_t slot = 0; slot < SLOTS + 2; slot++)
        freed += exo_slice_free(slot) == 0;
    exo_slice_alloc(SELF, NONE);
    return freed == before;
}

static int32_t install(struct filter_op op)
{
    int32_t result;

    memcpy((void *)(BOARD + 0x100), &op, sizeof(op));
    result = exo_filter_install(board->page, 0x100, 1);
    exo_filter_install(board->page, 0, 0);
    return result;
}

bool attack_bad_filters(void)
{
    bool good = install((struct filter_op){.kind = FILTER_EQUAL, .word = 3}) == 0;

    good = good && install((struct filter_op){.kind = FILTER_GREATER + 1}) == -EINVAL;
    good = good && install((struct filter_op){.kind = 0xff}) == -EINVAL;
    good = good && install((struct filter_op){.word = PACKET_SIZE / 4}) == -EINVAL;
    good = good && install((struct filter_op){.word = 0xff}) == -EINVAL;
    good = good && install((struct filter_op){.reserved = 1}) == -EINVAL;
    good = good && exo_filter_install(board->page, 0x100, FILTER_OPS + 1) == -EINVAL;
    good = good && exo_filter_install(board->page, 0x101, 1) == -EINVAL;
    good = good && exo_filter_install(board->page, PAGE - 4, 1) == -EPERM;
    good = good && exo_packet_send(board->page, 0, PACKET_SIZE + 4) == -EINVAL;
    return good && exo_packet_take(board->page, PAGE - PACKET_SIZE + 4) == -EPERM;
}

/* A group that we have made gets blocks of ours, and no others; nor does anybody else get ours. */
static bool give_blocks(uint32_t last)
{
    int32_t child = exo_group_create(1, 0);
    uint32_t page = (uint32_t)exo_page_alloc(NONE, 0), mine = 0;
    bool good = child >= 0;

    while (mine < last && exo_disk_transfer(mine, page, 0) != 0)
        mine++;
    good = good && exo_disk_bind(last, 1, (uint32_t)child) == -EPERM;
    good = good && exo_disk_bind(mine, 1, BOOT_GROUP) == -EPERM;
    good = good && exo_disk_bind(mine, 1, (uint32_t)child) == 0;
    good = good && exo_disk_transfer(mine, page, 0) == -EPERM;
    return exo_page_free(page) == 0 && good;
}

/* The last block is free, and the first library's to give. */
bool attack_disk_blocks(void)
{
    uint32_t n = flat_info->disk_blocks, last = n - 1;

    if (n > 0 && !give_blocks(last))
        return false;

    if (n > 0 && (exo_disk_bind(last, 1, own_group()) != -EPERM ||
                  exo_disk_bind(last, 1, NONE) != -EPERM ||
                  exo_disk_transfer(last, board->page, 0) != -EPERM ||
                  exo_disk_transfer(last, board->page, 1) != -EPERM))
        return false;
    return exo_disk_transfer(n, board->page, 0) == -EINVAL &&
           exo_disk_bind(n, 1, own_group()) == -EINVAL &&
           exo_disk_bind(0, NONE, own_group()) == -EINVAL;
}

bool attack_console_and_power(void)
{
    return exo_console_read(board->page, 0, 1) == -EPERM &&
           exo_console_give(own_group()) == -EPERM && exo_power(0) == -EPERM;
}

/* Who has not said that it takes calls, or not ours, gets none. */
bool attack_transfers(void)
{
    struct exo_message m = {{1, 2, 3, 4}};
    uint32_t got = 0, server = start_role("serve");

    for (uint32_t i = 0; i < ENVS; i++) {
        uint32_t env = 1u << 8 | i;

        if (env != server && exo_env_status(env) == 0 &&
            exo_map(env, SCRATCH, NONE, 0) == -EPERM)
            got += exo_call(env, &m) != -EPERM;
    }
    while (exo_call(server, &m) == -EAGAIN)
        exo_yield(server);
    got += m.word[0] != 2 || m.word[3] != 5;
    got += exo_call(server, &m) != -ESRCH; /* it ends instead of an answer */
    return got == 0 && exo_call(server, &m) == -ESRCH && exo_call(SELF, &m) == -EAGAIN;
}

/* Handlers in the kernel, handlers that fault, privileged instructions, a resume to nowhere. */
bool attack_exceptions(void)
{
    static const char *const roles[] = {"no-handler",  "kernel-handler", "bad-handler",
                                        "bad-resume",  "write-satp",     "sret",
                                        "read-kernel", "bad-save"};

    for (int i = 0; i < 8; i++)
        if (!ends(start_role(roles[i])))
            return false;
    return true;
}

/*
 * Three that never give a slice back, though they have asked to be told: they lose slices, and
 * we are woken all the same, within a round of the vector.
 */
bool attack_hog_slices(void)
{
    uint32_t hog[3], woken = 0;

    for (int i = 0; i < 3; i++)
        hog[i] = start_role(i == 2 ? "hog-by-yielding" : "hog");
    for (int i = 0; i < ROUNDS; i++) {
        sleep_ms(SLICE_MS);
        woken++;
    }
    for (int i = 0; i < 3; i++)
        if (exo_env_destroy(hog[i]) < 0)
            return false;
    return woken == ROUNDS && board->told > 0;
}

static bool revoke_from(const char *role, bool force)
{
    const struct group_info *g;
    int32_t group = start_role_in(role, GROUP_PAGES);
    uint32_t taken, left, limit, before, got;

    if (group < 0)
        return false;
    g = &flat_info->group[group];
    before = flat_info->group[own_group()].pages_limit;
    while (g->pages < GROUP_PAGES - 2)
        sleep_ms(1);
    exo_revoke((uint32_t)group, ASK, flat_info->timebase / 50);
    while (g->alive && g->pages_limit == GROUP_PAGES)
        sleep_ms(SLICE_MS);
    taken = g->repossessed;
    left = g->pages;
    limit = g->pages_limit;
    got = flat_info->group[own_group()].pages_limit - before;
    while (exo_group_status((uint32_t)group) == -EAGAIN)
        sleep_ms(SLICE_MS);
    return left <= GROUP_PAGES - ASK && limit == GROUP_PAGES - ASK && got == ASK &&
           (force ? taken > 0 && g->taken[0] != 0 : taken == 0);
}

bool attack_honour_revocation(void)
{
    return revoke_from("give-back", false);
}

bool attack_listen_late(void)
{
    return revoke_from("listen-late", false);
}

bool attack_ignore_revocation(void)
{
    return revoke_from("keep", true);
}
