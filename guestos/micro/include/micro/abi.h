/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi.h - what the microkernel and those who call it agree on. The calls are in calls.def, and
 * what each takes and gives in micro/README.md. Errors are those of common/abi.h.
 *
 *   register  a call of IPC takes              gives
 *   a7        the call's number
 *   a0        slot: an endpoint's, a reply's   0, or a negative error
 *   a1        tag                              tag of what came
 *   a2-a6 t0  six words                        six words
 *   t1        slot for the reply capability    badge: who sent
 *   t2 t3 t4  item: slot; page, rights         as they were
 *   t5        where an item goes that comes: a page's address, or a slot; 0: nowhere
 *
 * Other calls take a0 to a6, and give a0 (and a1, a2).
 */
#ifndef MICRO_ABI_H
#define MICRO_ABI_H

#include <stdint.h>

#include "common/abi.h"

enum {
#define CALL(number, name) CALL_##name = number,
#include "micro/calls.def"
#undef CALL
    CALL_NUMBERS = 24,
};

enum { SLOTS = 248, WORDS = 6, PRIORITIES = 8 };

/* A tag: 16 bits of the sender's choice, what item goes along, and what only the kernel says. */
enum {
    TAG_LABEL = 0xffff,
    TAG_MAP = 1 << 16,   /* item: a page of a memory capability, mapped for the receiver */
    TAG_CAP = 1 << 17,   /* item: a copy of a capability */
    TAG_GRANT = 1 << 18, /* with TAG_CAP: it moves */
    TAG_ITEM = TAG_MAP | TAG_CAP | TAG_GRANT,
    TAG_SIGNAL = 1 << 30,            /* no sender: words[0] has the bits that were signalled */
    TAG_FAULT = (int32_t)0x80000000, /* a thread's fault: label scause, words: stval, pc */
};

/*
 * A reply to a fault: the access is tried again, or the thread goes on at words[0], with the
 * fault's address in gp and its pc in tp.
 */
enum { FAULT_RETRY = 0, FAULT_GO_ON = 1 };

/* Types of capabilities. Memory and devices are ranges of pages. */
enum {
    CAP_NONE,
    CAP_MEMORY,
    CAP_DEVICE,
    CAP_SPACE,
    CAP_THREAD,
    CAP_ENDPOINT,
    CAP_REPLY,
    CAP_IRQ,
    CAP_CONTROL,
    CAP_TYPES
};

/* Rights: those of page-table entries for memory. */
enum {
    RIGHT_READ = 2,
    RIGHT_WRITE = 4,
    RIGHT_EXECUTE = 8,
    RIGHT_MEMORY = 14,
    RIGHT_SEND = 16,
    RIGHT_RECEIVE = 32,
    RIGHT_MANAGE = 64,
    RIGHT_ALL = 126
};

/* Interrupts: the PLIC's numbers, and the clock's tick for 0. */
enum { IRQ_TICK = 0, IRQS = 32 };

/* The call `control`. */
enum { CONTROL_POWER_OFF = 0, CONTROL_FAIL = 1, CONTROL_PRINT = 2 };

/* What the first program finds: its capabilities, and at FIRST_INFO what the machine is; its
 * stack is right below. */
enum {
    FIRST_SELF = 1,
    FIRST_MEMORY,
    FIRST_ARCHIVE,
    FIRST_DEVICES,
    FIRST_IRQS,
    FIRST_CONTROL,
    FIRST_THREAD,
    FIRST_FREE
};

enum { FIRST_INFO = 0x7ff00000, COMMAND_SIZE = 256 };

struct first_info {
    uint32_t memory_pages;    /* of FIRST_MEMORY */
    uint32_t memory_page;     /* where it is: the first one's physical number */
    uint32_t archive_pages;   /* of FIRST_ARCHIVE */
    uint32_t archive_address; /* that pointers in the archive assume */
    uint32_t archive_table;   /* where its table is, by the same reckoning */
    uint32_t device_page;     /* the first of FIRST_DEVICES */
    uint32_t timebase;
    uint32_t interval;          /* of `time` from tick to tick */
    char command[COMMAND_SIZE]; /* the boot arguments */
};

#endif
