/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostile.h - a library system that attacks the kernel and the systems beside it.
 */
#ifndef EXO_HOSTILE_H
#define EXO_HOSTILE_H

#include "flat.h"

#define SCRATCH 0x00320000u /* in a table that is there */
#define ALL_BITS (MAP_R | MAP_W)

#define owners ((const struct page *)OWNERS)
#define OWNERS 0x00900000u /* where main.c maps the owner table */

/* Each attack is a row: a function that says whether the kernel has withstood it. */
#define ATTACK(name) bool attack_##name(void);
#include "attacks.def"
#undef ATTACK

/* Our own group, and the name of a page from its row. */
uint32_t own_group(void);
uint32_t name_of(const struct page *p);

/* An environment of ours that plays this role (roles.c); its name. */
uint32_t start_role(const char *role);
int32_t start_role_in(const char *role, uint32_t pages);

/* It has ended, within a while. */
bool ends(uint32_t env);
void sleep_ms(uint32_t ms);

/* roles.c: what such an environment does; false: no such role. */
bool play(const char *role);

/* Words at OWN_PAGE that roles of this group share. */
struct board {
    uint32_t count, told, page;
};
#define board ((volatile struct board *)BOARD)
#define BOARD 0x00330000u

#endif
