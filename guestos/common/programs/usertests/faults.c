/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults.c - programs that do what they may not: the kernel kills them, says so, and goes on.
 * The messages on the console are part of these tests.
 */
#include "usertests.h"

enum { ILLEGAL = 0, RET = 0x00008067 };

static uint32_t target;

static void load(void)
{
    (void)*(volatile char *)pointer(target);
}

static void store(void)
{
    *(volatile char *)pointer(target) = 1;
}

static void jump(void)
{
    void (*f)(void) = (void (*)(void))pointer(target);

    f();
}

static void check_all(uint32_t address)
{
    target = address;
    check_killed(load);
    check_killed(store);
    check_killed(jump);
}

void test_fault_kernel(void)
{
    check_all((uint32_t)KERNEL);
    check_all((uint32_t)KERNEL + 0x15000);
}

void test_fault_unmapped(void)
{
    check_all((uint32_t)UNMAPPED);
    check_all((uint32_t)STACK_GUARD);
    check_all((uint32_t)LAST_PAGE + PAGE - 4);
}

/* Text and constants are read-only; data, heap and stack do not execute; page 0 is text. */
void test_fault_rights(void)
{
    uint32_t code = RET;
    uint32_t *heap = (uint32_t *)(void *)grow(1);

    target = 0;
    CHECK(run_child(load) == 0);
    check_killed(store);
    target = (uint32_t)test_fault_rights;
    check_killed(store);
    target = (uint32_t)unreadable;
    CHECK(run_child(load) == 0);
    check_killed(store);
    check_killed(jump);
    target = (uint32_t)&code;
    check_killed(jump);
    *heap = RET;
    target = (uint32_t)heap;
    check_killed(jump);
}

static void run_illegal(void)
{
    asm volatile(".word %0" : : "i"(ILLEGAL));
}

static void run_ebreak(void)
{
    asm volatile("ebreak");
}

static void run_sret(void)
{
    asm volatile("sret");
}

static void run_fence(void)
{
    asm volatile("sfence.vma");
}

void test_fault_instructions(void)
{
    check_killed(run_illegal);
    check_killed(run_ebreak);
    check_killed(run_sret);
    check_killed(run_fence);
}

static void read_sstatus(void)
{
    asm volatile("csrr t0, sstatus" : : : "t0");
}

static void write_satp(void)
{
    asm volatile("csrw satp, zero");
}

static void clear_stvec(void)
{
    asm volatile("csrc stvec, zero");
}

static void write_time(void)
{
    asm volatile("csrw time, zero");
}

void test_fault_csr(void)
{
    check_killed(read_sstatus);
    check_killed(write_satp);
    check_killed(clear_stvec);
    check_killed(write_time);
}

/* Touches a page of stack at each depth. The pointer keeps this from becoming a loop. */
static int recurse(int depth, volatile char *above)
{
    volatile char frame[PAGE];

    frame[0] = (char)depth;
    above[0]++;
    return depth == 0 ? 0 : recurse(depth - 1, frame) + 1;
}

static void recurse_a_little(void)
{
    volatile char top = 0;

    CHECK(recurse(12, &top) == 12);
}

static void recurse_too_deep(void)
{
    volatile char top = 0;

    recurse(1000, &top);
}

void test_stack_growth(void)
{
    CHECK(run_child(recurse_a_little) == 0);
}

void test_stack_overflow(void)
{
    check_killed(recurse_too_deep);
}
