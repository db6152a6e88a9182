/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hypercalls.h - a VM on the stub engine whose guest makes firmware calls and hypercalls: for
 * tests of what is done about each.
 */
#ifndef PZ_TESTS_SUPPORT_HYPERCALLS_H
#define PZ_TESTS_SUPPORT_HYPERCALLS_H

#include <stddef.h>

#include "tests/support/stub_engine.h"
#include "vmm/para.h"
#include "vmm/vmm.h"

/* The machine's memory; the guest's, and what the tests have there. */
#define HYPERCALLS_MACHINE (8u << 20)
#define BASE 0x80000000u
#define RAM (1u << 20)
#define PAGE (BASE + 0x4000)
#define ARRAY (BASE + 0x5000)
#define TABLE (BASE + 0x6000)
#define HANDLER (BASE + 0x100)

enum { SP = 2, TP = 4 }; /* A0 and more: vmm/board/sbi_call.h */
enum { OK = 0, NOT_SUPPORTED = -2, INVALID_PARAM = -3, DENIED = -4, INVALID_ADDRESS = -5 };

struct hypercalls {
    struct stub stub;
    struct vmm vmm;
    struct vm vm;
};

/* Ready to run; all harts but the first have stopped. */
void hypercalls_init(struct hypercalls *h, enum vm_monitor monitor, enum shadow_policy policy,
                     unsigned cpus);
void hypercalls_fini(struct hypercalls *h);

/* Hart 1 is started, in supervisor mode: its turn is next. */
void hypercalls_start_other(struct hypercalls *h);

/* One exit with this cause, behind an instruction that retires. */
void hypercalls_exit(struct hypercalls *h, uint32_t cause, uint32_t tval);

/* An ECALL by the virtual CPU that has its turn: the error in a0. */
int32_t hypercalls_ecall(struct hypercalls *h, uint32_t extension, uint32_t function,
                         const uint32_t args[3]);

/* What its page at PAGE says, and a store of the guest's to a word of it. */
struct para_page hypercalls_page(struct hypercalls *h);
void hypercalls_put(struct hypercalls *h, size_t offset, uint32_t value);

#endif
