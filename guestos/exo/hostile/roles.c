/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * roles.c - what the environments of an attack do. Most end with a fault: the kernel has to end
 * them, and nothing else.
 */
#include "hostile.h"
#include "string.h"

#define HELD 0x00400000u /* where pages are held on to */

static void fault(void)
{
    *(volatile uint32_t *)0xdead0000 = 1;
}

static void no_handler(void)
{
    fault();
}

static void kernel_handler(void)
{
    flat_save->handler = 0xc0000000;
    fault();
}

static void bad_handler(void)
{
    flat_save->handler = (uint32_t)fault;
    fault();
}

static void bad_resume(void)
{
    register uint32_t a7 asm("a7") = EXO_RESUME;

    flat_save->resume_pc = 0xc0000000;
    flat_save->resume_sp = 0xc0001000;
    asm volatile("ecall" : : "r"(a7) : "memory");
}

static void write_satp(void)
{
    asm volatile("csrw satp, zero");
}

static void do_sret(void)
{
    asm volatile("sret");
}

static void read_kernel(void)
{
    (void)*(volatile uint32_t *)0xc0000000;
}

/* Registers for the kernel's own eyes: it must take them for a program's. */
static void bad_save(void)
{
    flat_save->pc = 0xc0000000;
    flat_save->x[2] = 0xc0000000;
    flat_save->upcall = 0xffffffff;
    flat_save->accepts = 0xffffffff;
    fault();
}

static void told_of_freed(void)
{
    board->told++;
    exo_env_destroy(SELF);
}

static void touch_freed(void)
{
    volatile uint32_t *word = (volatile uint32_t *)SCRATCH;

    exo_map(SELF, SCRATCH, NONE, MAP_R | MAP_W);
    *word = 1;
    exo_map(SELF, SCRATCH, NONE, 0);
    flat_save->handler = (uint32_t)told_of_freed;
    *word = 2;
}

static void serve(void)
{
    struct exo_message m;

    exo_reply(&m);
    for (int i = 0; i < 4; i++)
        m.word[i]++;
    exo_reply(&m);
}

/* The handler is told that the slice is over, and goes on. */
static void never_yield(void)
{
    for (board->told++;;)
        ;
}

static void hog(void)
{
    flat_save->handler = (uint32_t)never_yield;
    flat_save->wants = WANTS_SLICE_END;
    for (;;)
        board->count++;
}

/* It leaves the handler each time, and gives its slice to itself, for another grace. */
static void yield_to_itself(void)
{
    for (;;) {
        flat_save->upcall = 0;
        exo_yield(SELF);
        board->count++;
    }
}

static void hog_by_yielding(void)
{
    flat_save->handler = (uint32_t)yield_to_itself;
    flat_save->wants = WANTS_SLICE_END;
    for (;;)
        board->count++;
}

static uint32_t hold_all(void)
{
    uint32_t n = 0;

    while (flat_map(SELF, NONE, HELD + n * PAGE, NONE, MAP_R | MAP_W) == 0)
        n++;
    return n;
}

static void secret(void)
{
    for (uint32_t n = hold_all(), i = 0; i < n * PAGE / 4; i++)
        ((uint32_t *)HELD)[i] = 0x5ec4e7;
    exo_group_end(0);
}

/* What is lost is found out by a fault. */
static void lost_a_page(void)
{
    exo_group_end(0);
}

static void keep(void)
{
    uint32_t n = hold_all();

    flat_save->handler = (uint32_t)lost_a_page;
    for (;;)
        for (uint32_t va = HELD; va < HELD + n * PAGE; va += PAGE)
            ++*(volatile uint32_t *)va;
}

/* On a stack of its own, for it must not touch what it gives back; it has no more to do then. */
static void give_back(void)
{
    uint32_t n = flat_save->value;

    for (uint32_t i = 0; i < n; i++)
        exo_map(SELF, HELD + i * PAGE, NONE, 0);
    while (flat_info->group[own_group()].pages_limit !=
           flat_info->group[own_group()].revoke_target)
        exo_yield(NONE);
    exo_sleep(exo_time() + flat_info->timebase / 50);
    exo_group_end(0);
}

static void listen(void)
{
    flat_save->handler = (uint32_t)give_back;
    flat_save->wants = WANTS_REVOKE;
    for (;;)
        exo_yield(NONE);
}

static void give_back_when_asked(void)
{
    hold_all();
    listen();
}

/* It has been asked already, and has had the CPU since, and is told all the same. */
static void listen_late(void)
{
    hold_all();
    while (!flat_info->group[own_group()].revoke_target)
        exo_yield(NONE);
    exo_yield(NONE);
    exo_yield(NONE);
    listen();
}

struct role {
    const char *name;
    void (*play)(void);
};

static const struct role roles[] = {
    {"no-handler", no_handler},
    {"kernel-handler", kernel_handler},
    {"bad-handler", bad_handler},
    {"bad-resume", bad_resume},
    {"write-satp", write_satp},
    {"sret", do_sret},
    {"read-kernel", read_kernel},
    {"bad-save", bad_save},
    {"touch-freed", touch_freed},
    {"serve", serve},
    {"hog", hog},
    {"hog-by-yielding", hog_by_yielding},
    {"keep", keep},
    {"secret", secret},
    {"give-back", give_back_when_asked},
    {"listen-late", listen_late},
};

bool play(const char *role)
{
    for (uint32_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (strcmp(roles[i].name, role) != 0)
            continue;
        roles[i].play();
        return true;
    }
    return false;
}
