/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * times.c - the clock, sleeping, and being interrupted. Nothing here depends on how long a tick
 * is, only on the order of things.
 */
#include "usertests.h"

enum { REGISTERS = 32, SPINS = 20000 };

/* registers.S: load x[3..31] but x[5], do a system call, spin, store them to out. */
void run_with_registers(const uint32_t *x, uint32_t *out, uint32_t spins);

static int fds[2];

void test_uptime_and_sleep(void)
{
    int before, after;

    wait_for_tick();
    before = uptime();
    CHECK(sleep(5 * TICK_MS) == 0);
    after = uptime();
    CHECK(before >= 0);
    CHECK(after >= before + 5 * TICK_MS);
    CHECK(after % TICK_MS == 0);
}

static void tell_after(uint32_t ms, char c)
{
    if (fork() != 0)
        return;
    sleep(ms);
    write(fds[1], &c, 1);
    exit(0);
}

void test_sleep_order(void)
{
    char order[3];

    CHECK(pipe(fds) == 0);
    wait_for_tick();
    tell_after(9 * TICK_MS, 'c');
    tell_after(3 * TICK_MS, 'a');
    tell_after(6 * TICK_MS, 'b');
    for (int i = 0; i < 3; i++)
        CHECK(read(fds[0], &order[i], 1) == 1);
    CHECK(memcmp(order, "abc", 3) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(wait(NULL, 0) > 0);
}

static void spin(void)
{
    for (;;)
        asm volatile("");
}

/* Two processes that never give the hart back: the test goes on all the same. */
void test_preemption(void)
{
    int a = start_child(spin);
    int b = start_child(spin);

    wait_for_tick();
    CHECK(kill(a) == 0);
    CHECK(wait_child(a) == STATUS_KILLED);
    CHECK(kill(b) == 0);
    CHECK(wait_child(b) == STATUS_KILLED);
}

static void check_registers(uint32_t seed)
{
    uint32_t in[REGISTERS], out[REGISTERS];

    for (uint32_t i = 0; i < REGISTERS; i++)
        in[i] = out[i] = seed * (i + 1);
    run_with_registers(in, out, SPINS);
    CHECK(memcmp(in, out, sizeof(in)) == 0);
}

static void use_other_registers(void)
{
    for (;;)
        check_registers(0x7f3b5d09);
}

/* Every register survives system calls, ticks, and another process that uses them all. */
void test_registers(void)
{
    int other = start_child(use_other_registers);
    int start = uptime();

    while (uptime() < start + TICK_MS)
        check_registers(0x80c0a001);
    CHECK(kill(other) == 0);
    CHECK(wait_child(other) == STATUS_KILLED);
}
