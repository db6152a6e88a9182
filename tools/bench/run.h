/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - the systems that `pz bench` runs workloads on, the parameters of a run, and its results:
 * the same for QEMU, an engine with neither kernel nor monitor, the bare board, and the monitor.
 * Running is left to system.h.
 */
#ifndef PZ_TOOLS_BENCH_RUN_H
#define PZ_TOOLS_BENCH_RUN_H

#include "tools/bench/guest.h"
#include "tools/bench/marks.h"
#include "tools/host/host.h"

#define BENCH_RAM (8ull << 20)
#define BENCH_RUN_MOST_NS 120000000000ull /* a run that takes longer has failed */

enum bench_kind {
    BENCH_QEMU,    /* the guest bare on qemu-system-riscv32 */
    BENCH_ALONE,   /* its user program on the engine, with nothing under it */
    BENCH_BARE,    /* the guest on the board, with no monitor */
    BENCH_VIRTUAL, /* the guest under the monitor */
};

struct bench_system {
    char name[32];
    uint8_t kind;                      /* enum bench_kind */
    const struct engines_kind *engine; /* but for QEMU */
    enum shadow_policy policy;         /* BENCH_VIRTUAL */
    enum vm_monitor monitor;           /* the same */
};

/* What one run came to. */
struct bench_run {
    struct bench_marks marks;
    uint32_t pages[PAGE_KINDS]; /* BENCH_VIRTUAL: of machine memory, at the end */
    uint64_t first_byte_ns;     /* BENCH_QEMU: from the start of its process to output */
};

/* What to run. Virtual machines only: with `bill`, exits are timed, which costs time itself. */
struct bench_order {
    struct bench_guest *guest; /* for QEMU: its own file */
    bool bill;
    const char *disk; /* the file of its disk; NULL: it has none */
};

#endif
