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

#endif
