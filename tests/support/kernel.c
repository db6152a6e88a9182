/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel.c - one file is kept: the guest that was asked for last. */
#include "tests/support/kernel.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/host/dtb.h"
#include "tools/host/elf.h"

#define FILE_MOST (4u << 20)
#define TREE_ROOM (2 * PAGE_SIZE)

static struct {
    const struct twins_guest *guest;
    uint8_t *bytes;
    struct elf elf;
} kept;

static void give_up(const char *name, const char *reason)
{
    fprintf(stderr, "guest %s: %s\n", name, reason);
    abort();
}

static size_t read_file(const char *name)
{
    char path[512];
    size_t len;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.elf", PZ_GUESTS, name);
    file = fopen(path, "rb");
    if (!file)
        give_up(path, "cannot be opened");
    len = fread(kept.bytes, 1, FILE_MOST, file);
    fclose(file);
    return len;
}

static const struct elf *find(const struct twins_guest *guest)
{
    struct elf_place place = {{guest->ram_base, guest->ram_size}, ELF_NO_LOAD};
    struct problem problem = {0};

    if (kept.guest == guest)
        return &kept.elf;
    if (!kept.bytes)
        kept.bytes = malloc(FILE_MOST);
    if (!kept.bytes)
        give_up(guest->name, "no memory");
    if (elf_parse(kept.bytes, read_file(guest->name), place, &kept.elf, &problem) != PZ_OK)
        give_up(guest->name, "is no kernel");
    kept.guest = guest;
    return &kept.elf;
}

uint32_t kernel_entry(const struct twins_guest *guest)
{
    return find(guest)->entry;
}

uint32_t kernel_tree(const struct twins_guest *guest)
{
    return guest->bootargs ? (uint32_t)(guest->ram_base + guest->ram_size - TREE_ROOM) : 0;
}

static void load_tree(const struct twins_guest *guest, kernel_write *write, void *owner)
{
    struct dtb_config config = {.ram_base = guest->ram_base,
                                .ram_size = guest->ram_size,
                                .cpus = 1,
                                .bootargs = guest->bootargs};
    struct problem problem = {0};
    uint8_t *tree;
    size_t len;

    if (dtb_build(&config, &tree, &len, &problem) != PZ_OK || len > TREE_ROOM)
        give_up(guest->name, "no device tree");
    if (!write(owner, kernel_tree(guest), tree, (uint32_t)len))
        give_up(guest->name, "no room for its device tree");
    free(tree);
}

void kernel_load(const struct twins_guest *guest, kernel_write *write, void *owner)
{
    const struct elf *elf = find(guest);

    for (unsigned i = 0; i < elf->count; i++)
        if (!write(owner, elf->segments[i].pa, elf->segments[i].bytes, elf->segments[i].len))
            give_up(guest->name, "does not fit into its memory");
    if (guest->bootargs)
        load_tree(guest, write, owner);
}

static bool write_again(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    struct board *board = owner;

    return phys_write(board->phys, pa, bytes, len);
}

bool kernel_load_again(void *owner, struct board *board, struct board_entry *entry)
{
    const struct twins_guest *guest = owner;
    const struct elf *elf = find(guest);

    for (unsigned i = 0; i < elf->count; i++)
        board->clear(board, elf->segments[i].pa, elf->segments[i].size);
    kernel_load(guest, write_again, board);
    *entry = (struct board_entry){kernel_entry(guest), kernel_tree(guest)};
    return true;
}
