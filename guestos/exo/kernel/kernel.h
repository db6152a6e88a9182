/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - what the parts of the kernel owe each other. It protects: it has no processes, no
 * files, no address spaces of its own making. One hart, one stack, interrupts off: a call is
 * done before the next begins.
 */
#ifndef EXO_KERNEL_H
#define EXO_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "exo/exo.h"
#include "memlayout.h"
#include "panic.h"
#include "print.h"
#include "riscv.h"

typedef uint32_t pte_t;

#define USER_ENTRIES (KERNEL_BASE >> SUPERPAGE_SHIFT)

enum env_state { ENV_FREE, ENV_NEW, ENV_READY, ENV_SLEEPING, ENV_SERVING, ENV_CALLING };

struct env {
    struct save *save; /* the kernel's address of the save page; all in it is the library's */
    pte_t *root;
    uint32_t satp;
    uint32_t name; /* its index, and how often it was used before, shifted by 8 */
    enum env_state state;
    uint32_t group;
    uint32_t creator;    /* name of the environment to wake when this one ends */
    bool woken;          /* a wake() that no sleep() has seen */
    bool grace;          /* has been told that its slice is over */
    bool told_to_revoke; /* an upcall is due */
    uint32_t excess;     /* slices that it loses */
    uint64_t deadline;   /* ENV_SLEEPING */
    struct env *callee;  /* ENV_CALLING */
    struct env *caller;  /* whose call it serves */
};

extern struct env *current;
extern struct env envs[ENVS];
extern struct exo_info *info;

/* page.c: the owner table. A name is the number of a physical page. */
extern struct page *pages;
uint32_t page_init(uint32_t ram_end); /* gives the first name that it hands out */
struct page *page_of(uint32_t name);  /* NULL: no such page */
uint32_t page_name(const struct page *p);
void *page_address(const struct page *p);
struct page *page_take(uint32_t group, uint32_t want, uint32_t flags, int32_t *error);
void page_settle(struct page *p); /* frees it if nothing binds it any more */
bool page_move(struct page *p, uint32_t group);
bool page_plain(const struct page *p, uint32_t group); /* held, and no table or the like */
/* A range in a page that the group may use with these rights; NULL: not so. */
void *page_range(uint32_t group, uint32_t name, uint32_t offset, uint32_t n, uint32_t rights);
bool page_allows(const struct page *p, uint32_t group, uint32_t rights);

/* space.c: page tables. */
void space_init(uint32_t ram_end);
volatile void *space_device(uint32_t pa); /* before there is any environment */
void space_leave(void);                   /* translate by the kernel's own table */
void space_start(pte_t *root);
void space_clear(pte_t *root);
int32_t space_set(struct env *e, uint32_t va, struct page *p, uint32_t bits);
uint32_t space_strip(pte_t *root, const struct page *p);

/* env.c: environments and groups. */
void env_init(void);
struct env *env_find(uint32_t name);  /* NULL: none */
struct env *env_bound(uint32_t name); /* the same, if the current one may change it */
void env_make_first(void);
void env_wake(struct env *e);
void env_end(struct env *e);
void env_fault(uint32_t cause);
bool env_upcall(struct env *e, uint32_t cause, uint32_t value);
void group_finish(uint32_t group, uint32_t status);
void group_shrink(uint32_t group, uint32_t n);

/* slice.c: the vector of slices, and who runs. */
void slice_init(uint32_t timebase);
void slice_over(void);
void slice_drop(const struct env *e);
void slice_run(struct env *e); /* for the rest of this slice */
struct save *slice_resume(void);

/* revoke.c */
void revoke_check(void);
void revoke_forget(uint32_t group);

/* print.c */
void console_forget(uint32_t group);

/* filter.c */
void filter_forget(const struct env *e);

/* disk.c */
void disk_init(void);
void disk_forget(uint32_t group);

/* main.c */
extern const char exo_archive[], exo_archive_end[];
struct save *trap(void);                      /* called by entry.S */
_Noreturn void enter_user(struct save *save); /* entry.S */

/* The calls, each where its subject is. */
#define CALL(number, name) int32_t call_##name(const uint32_t *a);
#include "exo/calls.def"
#undef CALL

#endif
