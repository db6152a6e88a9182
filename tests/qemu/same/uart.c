/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uart.c - the 16550A: how kernels find out what it is (loop mode, modem lines, FIFOs, scratch),
 * the handshake of the transmitter's interrupt, the receiver's levels, time-outs and overruns.
 */
#include "kit.h"

#define UART 0x10000000u
#define LONG 1000000u /* ticks: far more than four characters take */

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR, FCR = IIR };

static uint8_t get(unsigned reg)
{
    return *at8(UART + reg);
}

static void set(unsigned reg, uint8_t value)
{
    *at8(UART + reg) = value;
}

static void show(unsigned reg)
{
    static const char *const names[] = {"data", "ier", "iir", "lcr",
                                        "mcr",  "lsr", "msr", "scr"};

    line(names[reg], get(reg));
}

/* As OpenSBI does. */
static void begin(void)
{
    set(IER, 0);
    set(LCR, 0x80);
    set(DATA, 2);
    set(IER, 0);
    set(LCR, 3);
    set(FCR, 1);
    set(MCR, 0);
    while (get(LSR) & 1) /* typed already */
        (void)get(DATA);
    set(SCR, 0);
}

static void transmitter(void)
{
    static const uint8_t enables[] = {2, 0, 2, 2, 7, 0, 15, 1, 3};
    static const uint8_t controls[] = {1, 5, 3, 0, 0xff, 0xc8, 1, 7};

    for (unsigned i = 0; i < sizeof enables; i++) {
        set(IER, enables[i]);
        show(IER);
        show(IIR);
        show(IIR);
    }
    set(IER, 2);
    for (unsigned i = 0; i < sizeof controls; i++) {
        set(FCR, controls[i]);
        show(IIR);
        show(IIR);
    }
    set(IER, 0);
}

static void modem(void)
{
    for (unsigned outputs = 0; outputs < 16; outputs++) {
        set(MCR, (uint8_t)(0x10 | outputs));
        show(MSR);
    }
    set(MCR, 0xff);
    show(MCR);
    set(MCR, 0x10);
}

static void levels(void)
{
    for (unsigned level = 0; level < 4; level++) {
        set(FCR, (uint8_t)(level << 6 | 7));
        set(IER, 1);
        for (uint8_t i = 0; i < 18; i++) {
            set(DATA, (uint8_t)(0x30 + i));
            show(IIR);
            show(LSR);
        }
        for (uint8_t i = 0; i < 18; i++) {
            show(DATA);
            show(IIR);
            show(LSR);
        }
    }
}

static void without_fifo(void)
{
    set(FCR, 0);
    set(IER, 7);
    show(IIR);
    for (uint8_t c = 'a'; c < 'd'; c++) {
        set(DATA, c);
        show(IIR);
        show(IIR);
    }
    show(LSR);
    show(IIR);
    show(LSR);
    show(DATA);
    show(IIR);
    show(LSR);
    set(IER, 0);
}

/* What becomes of bytes in the receiver when FCR is written. */
static void cleared(void)
{
    static const uint8_t controls[] = {1, 0x41, 3, 5, 0, 1, 0x87};

    set(FCR, 1);
    for (unsigned i = 0; i < sizeof controls; i++) {
        set(DATA, 'x');
        set(DATA, 'y');
        set(FCR, controls[i]);
        show(LSR);
        if (get(LSR) & 1)
            show(DATA);
    }
}

static void silence(void)
{
    set(FCR, 0x87);
    set(IER, 1);
    set(DATA, 'q');
    set(DATA, 'r');
    show(IIR);
    for (unsigned i = 0; i < 3; i++) {
        pass(LONG);
        show(IIR);
        show(LSR);
        show(DATA);
        show(IIR);
    }
    for (uint8_t i = 0; i < 8; i++)
        set(DATA, i);
    show(IIR);
    pass(LONG);
    show(IIR);
    show(DATA);
    show(IIR);
    set(FCR, 0x87);
    show(IIR);
    show(LSR);
}

int main(void)
{
    begin();
    for (unsigned reg = IER; reg <= SCR; reg++)
        show(reg);
    transmitter();
    modem();
    levels();
    without_fifo();
    cleared();
    silence();
    begin();
    for (unsigned value = 0; value < 256; value += 51) {
        set(SCR, (uint8_t)value);
        show(SCR);
        set(LSR, (uint8_t)value);
        show(LSR);
        set(MSR, (uint8_t)value);
        show(MSR);
    }
    line("a word", *at32(UART + LCR + 1));
    line("half a word", *at16(UART + IIR));
    line("behind it", CAUSE_OF((void)*at8(UART + 8)));
    begin();
    finish();
}
