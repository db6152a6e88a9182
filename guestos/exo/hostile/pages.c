/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.c - attacks on memory: others' pages, page tables, quotas, what is left in a page.
 */
#include "hostile.h"

enum { BAD_G = 0x20, BAD_U = 0x10, BAD_V = 1, SECRETS = 64 };

static bool is_ours(const struct page *p)
{
    return p->group == own_group() && p->type != PAGE_KERNEL;
}

/* All of memory, page by page, with every right: only what is shared may be read. */
bool attack_map_others_pages(void)
{
    static const uint32_t bits[] = {MAP_R, MAP_X, MAP_R | MAP_W, MAP_R | MAP_X};
    uint32_t got = 0;

    for (uint32_t i = 0; i < flat_info->pages; i++) {
        const struct page *p = &owners[i];

        if (is_ours(p))
            continue;
        for (uint32_t k = 0; k < 4; k++)
            if (exo_map(SELF, SCRATCH, name_of(p), bits[k]) == 0)
                got += p->shared_group != EVERYBODY || bits[k] & ~(uint32_t)p->shared_rights;
    }
    exo_map(SELF, SCRATCH, NONE, 0);
    return got == 0 && exo_map(SELF, SCRATCH, NONE - 1, MAP_R) == -EINVAL &&
           exo_map(SELF, SCRATCH, flat_info->first_page + flat_info->pages, MAP_R) == -EINVAL;
}

/* Tables and roots of our own are to be read; a save page is not to be executed. */
bool attack_write_tables(void)
{
    uint32_t got = 0, seen = 0;

    for (uint32_t i = 0; i < flat_info->pages; i++) {
        const struct page *p = &owners[i];

        if (!is_ours(p) || (p->type != PAGE_TABLE && p->type != PAGE_ROOT))
            continue;
        seen++;
        got += exo_map(SELF, SCRATCH, name_of(p), MAP_R | MAP_W) == 0;
        got += exo_map(SELF, SCRATCH, name_of(p), MAP_R | MAP_X) == 0;
        got += exo_page_free(name_of(p)) == 0;
        got += exo_page_share(name_of(p), EVERYBODY, MAP_R | MAP_W) == 0;
        got += exo_console_read(name_of(p), 0, 1) >= 0;
        got += exo_packet_take(name_of(p), 0) != -EPERM;
    }
    return got == 0 && seen >= 3;
}

/* A page with an entry for page 0 of the kernel, writable, as a table: while we can write it. */
bool attack_forge_table(void)
{
    int32_t page = exo_page_alloc(NONE, 0);
    uint32_t *words = (uint32_t *)SCRATCH;
    bool good;

    exo_map(SELF, SCRATCH, (uint32_t)page, MAP_R | MAP_W | MAP_KEEP);
    words[0] = flat_info->first_page << 10 | 0xdf;
    good = exo_map_table(SELF, 0x40000000, (uint32_t)page) == -EPERM;
    exo_map(SELF, SCRATCH, NONE, 0);
    good = good && exo_map_table(SELF, 0x40000000, (uint32_t)page) == 0;
    good = good && exo_map(SELF, SCRATCH, (uint32_t)page, MAP_R | MAP_W) == -EPERM;
    good = good && exo_map(SELF, SCRATCH, (uint32_t)page, MAP_R) == 0 && words[0] == 0;
    exo_map(SELF, SCRATCH, NONE, 0);
    return exo_map_table(SELF, 0x40000000, NONE) == 0 && good;
}

bool attack_forge_root(void)
{
    int32_t root = exo_page_alloc(NONE, 0), other = exo_page_alloc(NONE, 0);
    bool good;

    exo_map(SELF, SCRATCH, (uint32_t)root, MAP_R | MAP_W | MAP_KEEP);
    good = exo_env_create((uint32_t)root, (uint32_t)other, NONE) == -EPERM;
    exo_map(SELF, SCRATCH, NONE, 0);
    good = good && exo_env_create((uint32_t)root, (uint32_t)root, NONE) == -EPERM;
    good = good && exo_env_create(flat_info->first_page, (uint32_t)other, NONE) == -EPERM;
    good = good && exo_env_create((uint32_t)root, flat_info->info_page, NONE) == -EPERM;
    good = good && exo_env_create(NONE, (uint32_t)other, NONE) == -EPERM;
    good = good && exo_env_create((uint32_t)root, (uint32_t)other, BOOT_GROUP) == -EPERM;
    exo_page_free((uint32_t)root);
    exo_page_free((uint32_t)other);
    return good;
}

bool attack_map_kernel_half(void)
{
    static const uint32_t where[] = {0xc0000000, 0xc0400000, 0xfffff000, SCRATCH + 4};

    for (int i = 0; i < 4; i++)
        if (exo_map(SELF, where[i], NONE, ALL_BITS) != -EINVAL)
            return false;
    return exo_map_table(SELF, 0xc0000000, NONE) == -EINVAL &&
           exo_map_table(SELF, 0xffffffff, NONE) == -EINVAL;
}

bool attack_forge_bits(void)
{
    static const uint32_t bits[] = {MAP_W,         MAP_W | MAP_X, BAD_V | MAP_R, MAP_R | BAD_U,
                                    MAP_R | BAD_G, 0x800 | MAP_R, 0xffffffff,    MAP_A};

    for (int i = 0; i < 8; i++)
        if (exo_map(SELF, SCRATCH, NONE, bits[i]) != -EINVAL)
            return false;
    return true;
}

bool attack_take_others_pages(void)
{
    uint32_t got = 0;

    for (uint32_t i = 0; i < flat_info->pages; i++)
        if (owners[i].type != PAGE_FREE)
            got += exo_page_alloc(name_of(&owners[i]), PAGE_DIRTY) >= 0;
    return got == 0 && exo_page_alloc(flat_info->first_page + flat_info->pages, 0) == -EINVAL;
}

bool attack_give_others_pages(void)
{
    uint32_t got = 0;

    for (uint32_t i = 0; i < flat_info->pages; i++) {
        if (is_ours(&owners[i]))
            continue;
        got += exo_page_free(name_of(&owners[i])) == 0;
        got += exo_page_share(name_of(&owners[i]), own_group(), MAP_R | MAP_W) == 0;
        got += exo_page_give(name_of(&owners[i]), own_group()) == 0;
        got += exo_map_table(SELF, 0x40000000, name_of(&owners[i])) == 0;
    }
    return got == 0;
}

bool attack_free_twice(void)
{
    int32_t page = exo_page_alloc(NONE, 0);
    uint32_t before = flat_info->free_pages;

    return exo_page_free((uint32_t)page) == 0 && exo_page_free((uint32_t)page) == -EPERM &&
           flat_info->free_pages == before + 1;
}

/* The page goes with its last entry; so does what the hardware remembers of it. */
bool attack_use_after_free(void)
{
    uint32_t env;

    board->told = 0;
    env = start_role("touch-freed");
    return ends(env) && board->told == 1;
}

/* What another group leaves in its pages when it ends, by their names: they come cleared. */
bool attack_read_old_data(void)
{
    const uint32_t *words = (const uint32_t *)SCRATCH;
    int32_t group = start_role_in("secret", SECRETS);
    uint32_t wrong = 0, seen = 0;

    while (group >= 0 && exo_group_status((uint32_t)group) == -EAGAIN)
        sleep_ms(1);
    for (uint32_t i = 0; i < flat_info->pages; i++) {
        if (owners[i].type != PAGE_FREE || owners[i].group != group)
            continue;
        if (exo_page_alloc(name_of(&owners[i]), PAGE_DIRTY) < 0)
            continue;
        exo_map(SELF, SCRATCH, name_of(&owners[i]), MAP_R);
        for (uint32_t k = 0; k < PAGE / 4; k++)
            wrong += words[k] != 0;
        seen++;
    }
    exo_map(SELF, SCRATCH, NONE, 0);
    return wrong == 0 && seen > SECRETS / 2;
}

bool attack_exceed_pages(void)
{
    const struct group_info *g = &flat_info->group[own_group()];
    uint32_t before = g->pages;
    bool good;

    while (exo_page_alloc(NONE, PAGE_DIRTY) >= 0)
        ;
    good = g->pages == g->pages_limit && exo_map(SELF, SCRATCH, NONE, ALL_BITS) == -ENOMEM &&
           exo_group_create(1, 1) == -ENOMEM;
    for (uint32_t i = 0; i < flat_info->pages; i++)
        if (is_ours(&owners[i]) && owners[i].held && name_of(&owners[i]) != board->page)
            exo_page_free(name_of(&owners[i]));
    return good && g->pages == before;
}

/* The console, the disk and packets take physical names, too. */
bool attack_leak_by_devices(void)
{
    uint32_t got = 0;

    for (uint32_t i = 0; i < flat_info->pages; i++) {
        const struct page *p = &owners[i];

        if (is_ours(p) || (p->shared_group == EVERYBODY && p->shared_rights & MAP_R))
            continue;
        got += exo_console_write(name_of(p), 0, 1) >= 0;
        got += exo_packet_send(name_of(p), 0, 4) >= 0;
        got += exo_filter_install(name_of(p), 0, 1) >= 0;
        got += exo_packet_take(name_of(p), 0) != -EPERM;
        got += exo_disk_transfer(0, name_of(p), 1) >= 0;
    }
    return got == 0 && exo_console_write(flat_info->info_page, PAGE - 4, 8) == -EPERM &&
           exo_console_write(flat_info->info_page, 0xfffffffc, 8) == -EPERM;
}
