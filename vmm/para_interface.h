/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para_interface.h - paravirtualisation as a guest sees it: numbers, and the layout of what lies in
 * its memory (docs/para.md). All of it is little-endian, on a little-endian host. What the
 * monitor keeps of it for each virtual CPU is here too.
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
    PARA_FUNCTIONS, /* any number that is no function's */
};

/* What of the translations that the CPU may have kept is dropped. */
enum para_fence {
    PARA_FENCE_NONE,
    PARA_FENCE_PAGE, /* those of one page, by way of the root that is in satp */
    PARA_FENCE_ROOT, /* all by way of that root */
    PARA_FENCE_ALL,
};

/* What PARA_YIELD gives up. */
enum para_yield {
    PARA_YIELD_NOTHING, /* pending interrupts are looked at */
    PARA_YIELD_TURN,    /* as PAUSE */
    PARA_YIELD_WAIT,    /* as WFI */
};

/* The page that a virtual CPU and the monitor share, from its first byte on. */
struct para_page {
    uint32_t version;
    uint32_t pending; /* sip & sie; the monitor's to write */
    uint32_t sstatus, sscratch, sepc, scause, stval;
    uint32_t a0, a1, a6, a7; /* what PARA_SRET gives these registers */
};

/* One of PARA_UPDATE's. */
struct para_update {
    uint64_t address; /* of a page-table entry, guest-physical */
    uint32_t value;
    uint32_t
        fence; /* enum para_fence in bits 1..0; the page's virtual address in bits 31..12 */
};
#define PARA_UPDATE_FENCE 3u
#define PARA_UPDATE_RESERVED 0xffcu

/* Of a virtual CPU. */
struct para_cpu {
    bool shared;      /* a page is */
    uint8_t exchange; /* the register that each trap exchanges with sscratch; 0: none */
    uint32_t pending; /* as the page says */
    uint64_t page;    /* guest-physical */
};

#endif
