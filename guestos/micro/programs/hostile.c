/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostile.c - hostile: an ordinary process that tries what it may not: the kernel's calls with
 * every slot, messages that claim to be from the kernel or the process server, and calls at
 * random. It has capabilities for three servers and that is all; everything else must be refused,
 * and the system must go on.
 */
#include "ipc.h"
#include "micro/proto.h"
#include "user.h"

enum { RANDOM_CALLS = 3000, HARMLESS_LABEL = 1000 };

static uint32_t allowed;

/* Any call of the kernel, with any registers. */
static int32_t raw(uint32_t call, const uint32_t *w)
{
    register uint32_t a0 asm("a0") = w[0];
    register uint32_t a1 asm("a1") = w[1];
    register uint32_t a2 asm("a2") = w[2];
    register uint32_t a3 asm("a3") = w[3];
    register uint32_t a4 asm("a4") = w[4];
    register uint32_t a5 asm("a5") = w[5];
    register uint32_t a6 asm("a6") = w[6];
    register uint32_t a7 asm("a7") = call;
    register uint32_t t1 asm("t1") = w[7];
    register uint32_t t2 asm("t2") = w[8];

    asm volatile("ecall"
                 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6),
                   "+r"(t1), "+r"(t2)
                 : "r"(a7)
                 : "t0", "t3", "t4", "t5", "memory");
    return (int32_t)a0;
}

static void expect_refusal(const char *what, uint32_t slot, int32_t result)
{
    if (result < 0)
        return;
    printf("hostile: %s by slot %u was allowed: %d\n", what, slot, result);
    allowed++;
}

/* Whatever a slot holds, it is no right to do any of this. */
static void try_slot(uint32_t slot)
{
    uint32_t page[] = {CAP_ENDPOINT, slot, 0, 20, 1, 0, 0, 0, 0};

    expect_refusal("making an endpoint", slot, raw(CALL_make, page));
    expect_refusal("destroying", slot, kcall_destroy(slot));
    expect_refusal("recalling", slot, kcall_recall(slot));
    expect_refusal("copying", slot, kcall_cap_copy(slot, 20, slot, 0, RIGHT_ALL));
    expect_refusal("dividing", slot, kcall_cap_part(slot, 20, slot, 0, 0, RIGHT_ALL));
    expect_refusal("dropping", slot, kcall_cap_drop(slot, slot));
    expect_refusal("mapping", slot, kcall_map(slot, 0x1000, slot, 0, RIGHT_READ));
    expect_refusal("unmapping", slot, kcall_unmap(slot, 0x1000));
    expect_refusal("adding a table", slot, kcall_map_table(slot, 0x80000000u, slot, 0));
    expect_refusal("setting a thread", slot, kcall_thread_set(slot, 0, 0, 0, 0, 0));
    expect_refusal("stopping a thread", slot, kcall_thread_stop(slot));
    expect_refusal("copying a thread", slot, kcall_thread_copy(slot, slot, 0));
    expect_refusal("binding an interrupt", slot, kcall_irq_bind(slot, 10, slot));
    expect_refusal("unmasking an interrupt", slot, kcall_irq_ack(slot, 10));
    expect_refusal("switching off", slot, kcall_control(slot, CONTROL_FAIL, 0, 0, 0, 0));
}

static void try_receiving(uint32_t slot)
{
    struct message m = {0};

    expect_refusal("receiving", slot, ipc_recv(&m, slot, 20));
    expect_refusal("replying", slot, ipc_reply(&m, slot));
    expect_refusal("replying and receiving", slot, ipc_reply_recv(&m, slot, 20));
}

/* The tag's upper bits are the kernel's: a fault that is none, a signal that nobody gave. */
static void try_claiming(void)
{
    struct message fault = {.tag = (uint32_t)TAG_FAULT | 15, .word = {0xdead0000u}};
    struct message signal = {.tag = TAG_SIGNAL | HARMLESS_LABEL, .word = {SIGNAL_INTERRUPT}};
    struct message end = {.tag = MEM_FREE, .word = {0}};

    ipc_call(&fault, P_MEM);
    expect_refusal("claiming a fault", P_MEM, (int32_t)fault.word[0]);
    ipc_call(&signal, P_PROC);
    expect_refusal("claiming a signal", P_PROC, (int32_t)signal.word[0]);
    ipc_call(&end, P_MEM);
    expect_refusal("ending a process at the pager", P_MEM, (int32_t)end.word[0]);
}

/* Items that we have not, and our own right to speak, which nobody asked for. */
static void try_items(void)
{
    struct message m = {.tag = HARMLESS_LABEL | TAG_MAP, .item = 9, .rights = RIGHT_WRITE};

    ipc_call(&m, P_MEM);
    m = (struct message){.tag = HARMLESS_LABEL | TAG_CAP | TAG_GRANT, .item = P_PROC};
    ipc_call(&m, P_MEM);
    expect_refusal("giving a capability away", P_PROC, getpid() > 0 ? -1 : 0);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Small numbers mostly: they are the slots, and the pages, that there may be. */
static uint32_t random_word(uint32_t *state)
{
    uint32_t r = next_random(state);

    return r % 4 ? next_random(state) % 300 : r * 2654435761u;
}

/* No message: what would be a good one, and end us or the shell, is no attack on the kernel. */
static void try_at_random(uint32_t seed)
{
    for (uint32_t i = 0; i < RANDOM_CALLS; i++) {
        uint32_t call = CALL_yield + next_random(&seed) % 40;
        uint32_t w[9];

        for (int k = 0; k < 9; k++)
            w[k] = random_word(&seed);
        if (call != CALL_yield)
            expect_refusal("a call at random", call, raw(call, w));
    }
}

static uint32_t free_pages(void)
{
    struct meminfo info = {0};

    meminfo(&info);
    return info.free_pages;
}

static uint32_t attack(void)
{
    for (uint32_t slot = 0; slot < SLOTS + 16; slot++) {
        try_slot(slot);
        try_receiving(slot);
    }
    for (uint32_t bit = 8; bit < 32; bit++)
        try_slot(1u << bit);
    try_claiming();
    try_items();
    for (uint32_t seed = 1; seed <= 5; seed++)
        try_at_random(seed);
    return allowed;
}

int main(void)
{
    uint32_t before = free_pages();
    int status = 0, pid = fork();

    if (pid == 0)
        exit(attack() != 0);
    wait(&status, 0);
    if (free_pages() != before)
        printf("hostile: %d pages are gone\n", (int)(before - free_pages()));
    printf("hostile: %s\n", status == 0 && free_pages() == before ? "all refused" : "FAILED");
    return status != 0 || free_pages() != before;
}
