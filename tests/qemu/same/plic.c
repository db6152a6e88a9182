/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plic.c - what kernels do with the PLIC: fields that keep what they can, then a source (the UART's
 * transmitter) that is masked in each way, claimed and completed.
 */
#include "kit.h"

#define PLIC 0x0c000000u
#define SOURCE 10u
#define UART_IER 0x10000001u
#define UART_IIR 0x10000002u

static volatile uint32_t *priority(unsigned source)
{
    return at32(PLIC + 4 * source);
}

static volatile uint32_t *pending(unsigned word)
{
    return at32(PLIC + 0x1000 + 4 * word);
}

/* Of hart 0's supervisor mode. */
#define ENABLE (*at32(PLIC + 0x2080))
#define THRESHOLD (*at32(PLIC + 0x201000))
#define CLAIM (*at32(PLIC + 0x201004))

static void show(const char *when)
{
    line(when, *pending(0));
    line("  sip", READ(sip));
}

static void keeps(const char *name, volatile uint32_t *field, uint32_t value)
{
    *field = value;
    line(name, *field);
    *field = 0;
    line(name, *field);
}

static void fields(void)
{
    for (unsigned source = 0; source < 96; source += 5)
        keeps("priority", priority(source), 0xffffffff);
    keeps("priority", priority(SOURCE), 8);
    keeps("priority", priority(SOURCE), 7);
    keeps("priority", priority(1023), 7);
    keeps("enable", at32(PLIC + 0x2084), 0xffffffff);
    keeps("enable", at32(PLIC + 0x2088), 0xffffffff);
    keeps("enable", &ENABLE, 0xfffffffe);
    keeps("threshold", &THRESHOLD, 0xffffffff);
    keeps("threshold", &THRESHOLD, 8);
    keeps("threshold", &THRESHOLD, 7);
    keeps("pending", pending(0), 0xffffffff);
    line("claim", CLAIM);
    line("reserved", *at32(PLIC + 0x201008));
    line("byte", CAUSE_OF((void)*at8(PLIC + 4)));
    line("half", CAUSE_OF((void)*at16(PLIC + 0x201004)));
    line("behind it", CAUSE_OF((void)*at32(PLIC + 0x600000)));
}

static void raise(void)
{
    *at8(UART_IER) = 0;
    *at8(UART_IER) = 2;
}

static void lower(void)
{
    (void)*at8(UART_IIR);
}

static void one_claim(void)
{
    raise();
    show("raised");
    line("claim", CLAIM);
    show("claimed");
    line("claim again", CLAIM);
    lower();
    show("lowered");
    CLAIM = SOURCE;
    show("completed");
    line("claim", CLAIM);
}

static void masked(void)
{
    raise();
    THRESHOLD = 1;
    show("below the threshold");
    THRESHOLD = 0;
    show("above it");
    *priority(SOURCE) = 0;
    show("priority 0");
    line("claim", CLAIM);
    *priority(SOURCE) = 1;
    show("priority 1");
    line("claim", CLAIM);
    lower();
    CLAIM = SOURCE;
    show("completed");
}

static void odd(void)
{
    raise();
    lower();
    show("fallen before it was claimed");
    line("claim", CLAIM);
    CLAIM = SOURCE;
    line("claim", CLAIM);
    CLAIM = SOURCE;
    CLAIM = SOURCE + 1;
    CLAIM = 0;
    CLAIM = 500;
    show("completed what was not claimed");
    one_claim();
}

int main(void)
{
    fields();
    THRESHOLD = 0;
    ENABLE = 1u << SOURCE;
    *priority(SOURCE) = 1;
    one_claim();
    masked();
    odd();
    *at8(UART_IER) = 0;
    finish();
}
