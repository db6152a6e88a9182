/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.h - the kernel's calls, for libraries.
 */
#ifndef EXO_CALL_H
#define EXO_CALL_H

#include "exo/exo.h"

enum {
#define CALL(number, name) CALL_##name = EXO_CALLS + (number),
#include "exo/calls.def"
#undef CALL
};

static inline int32_t exo_call4(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    register uint32_t a0 asm("a0") = a;
    register uint32_t a1 asm("a1") = b;
    register uint32_t a2 asm("a2") = c;
    register uint32_t a3 asm("a3") = d;
    register uint32_t a7 asm("a7") = number;

    asm volatile("ecall" : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3) : "r"(a7) : "memory");
    return (int32_t)a0;
}

/* A page that nobody has, or the one named; it is held until page_free() or map(). */
static inline int32_t exo_page_alloc(uint32_t name, uint32_t flags)
{
    return exo_call4(CALL_page_alloc, name, flags, 0, 0);
}

/* It goes when nobody maps it any more. */
static inline int32_t exo_page_free(uint32_t name)
{
    return exo_call4(CALL_page_free, name, 0, 0, 0);
}

/* Another group may map it with these rights, until its own group says otherwise. */
static inline int32_t exo_page_share(uint32_t name, uint32_t group, uint32_t rights)
{
    return exo_call4(CALL_page_share, name, group, rights, 0);
}

/* It is another group's from now on, one that the caller's made. */
static inline int32_t exo_page_give(uint32_t name, uint32_t group)
{
    return exo_call4(CALL_page_give, name, group, 0, 0);
}

/* Enter page `name` (NONE: a new one, zero) at va; bits 0: nothing is there any more. */
static inline int32_t exo_map(uint32_t env, uint32_t va, uint32_t name, uint32_t bits)
{
    return exo_call4(CALL_map, env, va, name, bits);
}

/*
 * Make a held page that nobody maps the table for the 4 MiB at va; or install a table that the
 * group has already. NONE: take out what is there.
 */
static inline int32_t exo_map_table(uint32_t env, uint32_t va, uint32_t name)
{
    return exo_call4(CALL_map_table, env, va, name, 0);
}

/* Its name. Both pages are held ones of ours; root is mapped nowhere. Group NONE: ours. */
static inline int32_t exo_env_create(uint32_t root, uint32_t save, uint32_t group)
{
    return exo_call4(CALL_env_create, root, save, group, 0);
}

/* From now on it runs, with the registers of its save page. */
static inline int32_t exo_env_start(uint32_t env)
{
    return exo_call4(CALL_env_start, env, 0, 0, 0);
}

static inline int32_t exo_env_destroy(uint32_t env)
{
    return exo_call4(CALL_env_destroy, env, 0, 0, 0);
}

/* 0: it is alive; -ESRCH: not, or not any more. */
static inline int32_t exo_env_status(uint32_t env)
{
    return exo_call4(CALL_env_status, env, 0, 0, 0);
}

/* A new group with a part of the caller's quota, which comes back with group_status(). */
static inline int32_t exo_group_create(uint32_t pages, uint32_t slices)
{
    return exo_call4(CALL_group_create, pages, slices, 0, 0);
}

/* -EAGAIN: it is alive; else what it ended with, and it is gone. */
static inline int32_t exo_group_status(uint32_t group)
{
    return exo_call4(CALL_group_status, group, 0, 0, 0);
}

/* The end of the caller's group, with all it has. */
static inline void exo_group_end(uint32_t status)
{
    exo_call4(CALL_group_end, status, 0, 0, 0);
}

/* Slot number `slot` of the vector, or any, goes to env. Gives the slot. */
static inline int32_t exo_slice_alloc(uint32_t env, uint32_t slot)
{
    return exo_call4(CALL_slice_alloc, env, slot, 0, 0);
}

static inline int32_t exo_slice_free(uint32_t slot)
{
    return exo_call4(CALL_slice_free, slot, 0, 0, 0);
}

/* The rest of this slice to env; to NONE: to whoever is next in the vector. */
static inline int32_t exo_yield(uint32_t env)
{
    return exo_call4(CALL_yield, env, 0, 0, 0);
}

/* Until this time or a wake(), which also counts if it came before. */
static inline int32_t exo_sleep(uint64_t until)
{
    return exo_call4(CALL_sleep, (uint32_t)until, (uint32_t)(until >> 32), 0, 0);
}

static inline int32_t exo_wake(uint32_t env)
{
    return exo_call4(CALL_wake, env, 0, 0, 0);
}

/* n bytes of a page that the group may read. */
static inline int32_t exo_console_write(uint32_t page, uint32_t offset, uint32_t n)
{
    return exo_call4(CALL_console_write, page, offset, n, 0);
}

/* What has been typed, without waiting; for the group that has the console. */
static inline int32_t exo_console_read(uint32_t page, uint32_t offset, uint32_t n)
{
    return exo_call4(CALL_console_read, page, offset, n, 0);
}

static inline int32_t exo_console_give(uint32_t group)
{
    return exo_call4(CALL_console_give, group, 0, 0, 0);
}

/* A group made by the caller's is to give back n pages within so many ticks of time. */
static inline int32_t exo_revoke(uint32_t group, uint32_t n, uint32_t ticks)
{
    return exo_call4(CALL_revoke, group, n, ticks, 0);
}

/*
 * n blocks from `first` on become group's: free ones, if the first group says so; the caller's own,
 * if it made that group. Group NONE: the caller's are freed.
 */
static inline int32_t exo_disk_bind(uint32_t first, uint32_t n, uint32_t group)
{
    return exo_call4(CALL_disk_bind, first, n, group, 0);
}

static inline int32_t exo_disk_transfer(uint32_t block, uint32_t page, uint32_t write)
{
    return exo_call4(CALL_disk_transfer, block, page, write, 0);
}

/* n operations, at an offset of a page; n 0: no filter. Packets that pass are the caller's. */
static inline int32_t exo_filter_install(uint32_t page, uint32_t offset, uint32_t n)
{
    return exo_call4(CALL_filter_install, page, offset, n, 0);
}

/* How many filters it passed: 0 or 1, the first that it does. */
static inline int32_t exo_packet_send(uint32_t page, uint32_t offset, uint32_t n)
{
    return exo_call4(CALL_packet_send, page, offset, n, 0);
}

/* The next packet that has come in: its size; -EAGAIN: none. */
static inline int32_t exo_packet_take(uint32_t page, uint32_t offset)
{
    return exo_call4(CALL_packet_take, page, offset, 0, 0);
}

static inline int32_t exo_power(uint32_t failed)
{
    return exo_call4(CALL_power, failed, 0, 0, 0);
}

/* A call of another environment, in registers: it gets them, and who calls; we get its reply. */
struct exo_message {
    uint32_t word[4];
};

static inline int32_t exo_transfer(uint32_t number, uint32_t a, struct exo_message *m)
{
    register uint32_t a0 asm("a0") = a;
    register uint32_t a1 asm("a1") = m->word[0];
    register uint32_t a2 asm("a2") = m->word[1];
    register uint32_t a3 asm("a3") = m->word[2];
    register uint32_t a4 asm("a4") = m->word[3];
    register uint32_t a7 asm("a7") = number;

    asm volatile("ecall"
                 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4)
                 : "r"(a7)
                 : "memory");
    *m = (struct exo_message){{a1, a2, a3, a4}};
    return (int32_t)a0;
}

/* -EAGAIN: it does not wait for a call; -EPERM: not for ours; -ESRCH: it has ended. */
static inline int32_t exo_call(uint32_t env, struct exo_message *m)
{
    return exo_transfer(CALL_call, env, m);
}

/* Answer the last call, if there was one, and wait for the next: who it is from. */
static inline int32_t exo_reply(struct exo_message *m)
{
    return exo_transfer(CALL_reply, 0, m);
}

static inline uint64_t exo_time(void)
{
    uint32_t high, low, again;

    do {
        asm volatile("csrr %0, timeh" : "=r"(high));
        asm volatile("csrr %0, time" : "=r"(low));
        asm volatile("csrr %0, timeh" : "=r"(again));
    } while (high != again);
    return (uint64_t)high << 32 | low;
}

#endif
