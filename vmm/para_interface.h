/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para_interface.h - the paravirtual interface as a guest sees it: function numbers, and the layout
 * of the structures in guest memory (docs/para.md). All are little-endian, on a little-endian host.
 * The monitor's state for each virtual CPU is here too.
 */
#ifndef PZ_VMM_PARA_INTERFACE_H
#define PZ_VMM_PARA_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * An SBI extension of one implementation's own: 0x0a000000 and its number (SBI 2.0, firmware
 * specific extension space), which is the board's.
 */
#define PARA_EXTENSION 0x0a00505au
#define PARA_VERSION_NOW 1u
#define PARA_UPDATES_MOST 256u /* in one call */

/* Function numbers. */
enum para_function {
#define PARA(id, name) PARA_##id,
#include "vmm/para.def"
#undef PARA
    PARA_FUNCTIONS, /* stands for any unknown number */
};

/* Which cached translations are dropped. */
enum para_fence {
    PARA_FENCE_NONE,
    PARA_FENCE_PAGE, /* those of one page, made through the root in satp */
    PARA_FENCE_ROOT, /* all made through that root */
    PARA_FENCE_ALL,
};

/* What PARA_YIELD gives up. */
enum para_yield {
    PARA_YIELD_NOTHING, /* only check pending interrupts */
    PARA_YIELD_TURN,    /* as PAUSE */
    PARA_YIELD_WAIT,    /* as WFI */
};

/* The start of the page that a virtual CPU and the monitor share. */
struct para_page {
    uint32_t version;
    uint32_t pending; /* sip & sie; written by the monitor */
    uint32_t sstatus, sscratch, sepc, scause, stval;
    uint32_t a0, a1, a6, a7; /* loaded by PARA_SRET */
};

/* An element of PARA_UPDATE's array. */
struct para_update {
    uint64_t address; /* of a page-table entry, guest-physical */
    uint32_t value;
    uint32_t
        fence; /* enum para_fence in bits 1..0; the page's virtual address in bits 31..12 */
};
#define PARA_UPDATE_FENCE 3u
#define PARA_UPDATE_RESERVED 0xffcu

/* The state of a virtual CPU. */
struct para_cpu {
    bool shared;      /* a page is shared */
    uint8_t exchange; /* the register that each trap exchanges with sscratch; 0: none */
    uint32_t pending; /* as last written to the page */
    uint64_t page;    /* guest-physical */
};

#endif
