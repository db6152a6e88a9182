/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map.h - who has page 0: for each VM, where its program's, its kernel's and its computer's page 0
 * are, gva -> gpa -> mpa, found by walking the guest's own tables and the pmap.
 */
#ifndef PZ_TOOLS_SHOW_MAP_H
#define PZ_TOOLS_SHOW_MAP_H

#include <stdio.h>

#include "tools/host/host.h"

#define MAP_BYTES 8u

enum map_role {
    MAP_PROGRAM, /* virtual page 0 of the user program that called the kernel last */
    MAP_KERNEL,  /* the virtual page at which the kernel sees the beginning of RAM */
    MAP_ROLES,
};

/* One way from an address somebody uses to the machine page behind it. */
struct map_row {
    bool mapped;
    struct gva gva;
    struct gpa gpa;
    struct mpa mpa;
    uint8_t bytes[MAP_BYTES]; /* the page's first */
};

/* One VM's. */
struct map_vm {
    struct map_row rows[MAP_ROLES];
};

/*
 * Look at one VM. `user_satp`: the satp of a user program; 0 to look at the current one.
 */
void map_look(struct map_vm *map, struct machine *machine, unsigned k, uint32_t user_satp);

/* Draw for all VMs. `user_satps`, which may be NULL, has one for each. */
void map_draw(FILE *out, struct machine *machine, const uint32_t *user_satps, unsigned width);

/* Do all kernels' pages 0 hold the same bytes? */
bool map_same_bytes(struct machine *machine);

/* What a machine page is used for, and for which VM, where it is RAM or tables. */
enum map_use {
    MAP_USE_FREE,
    MAP_USE_ASIDE,
    MAP_USE_MONITOR,
    MAP_USE_SHARED,
    MAP_USE_TABLES,
    MAP_USE_RAM,
    MAP_USES
};
struct map_owner {
    enum map_use use;
    unsigned vm;
};
struct map_owner map_owner(const struct machine *machine, uint32_t number);

/* One for `count` pages from `first` on: that of the first that is in use, if any is. */
struct map_owner map_owner_of(const struct machine *machine, uint32_t first, uint32_t count);

/* Machine pages as far as any was ever used. */
uint32_t map_used(const struct machine *machine);

/* ---- map_svg.c ---- */

/* The same as a picture in a file: with who has page 0, as text. `user_satps` as above. */
void map_svg(FILE *out, struct machine *machine, const uint32_t *user_satps);

/*
 * Machine memory by owner, as a part of a page: colours are those of map_class(). Gives how many
 * pages each cell is for.
 */
uint32_t map_svg_memory(FILE *out, const struct machine *machine);

/* The class of an owner's colour, and what it is, in words. */
#define MAP_TEXT 48u
const char *map_class(struct map_owner owner);
const char *map_words(struct map_owner owner, char text[MAP_TEXT]);

#endif
