/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system.h - what `pz bench` runs workloads on, and one run: QEMU, an engine with neither
 * kernel nor monitor, the bare board, or the monitor; each gives the same kind of answer.
 */
#ifndef PZ_TOOLS_BENCH_SYSTEM_H
#define PZ_TOOLS_BENCH_SYSTEM_H

#include "tools/bench/guest.h"
#include "tools/bench/marks.h"
#include "tools/host/host.h"

#define BENCH_RAM (8ull << 20)
#define BENCH_RUN_MOST_NS 120000000000ull /* a run that takes longer has failed */
#define BENCH_QEMU_PROGRAM "qemu-system-riscv32"

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
};

/*
 * Run it once. Problems are the host's; PZ_FAILED with a text when the guest did not do what it
 * should have.
 */
enum pz_err bench_system_run(const struct bench_system *system, const struct bench_order *order,
                             struct bench_run *run, struct problem *problem) PZ_MUST_CHECK;

/* The parts, by kind. qemu.c, alone.c, board.c */
enum pz_err bench_qemu_run(const struct bench_order *order, struct bench_run *run,
                           struct problem *problem) PZ_MUST_CHECK;
enum pz_err bench_alone_run(const struct bench_system *system, const struct bench_order *order,
                            struct bench_run *run, struct problem *problem) PZ_MUST_CHECK;
enum pz_err bench_board_run(const struct bench_system *system, const struct bench_order *order,
                            struct bench_run *run, struct problem *problem) PZ_MUST_CHECK;

/* Is QEMU there? */
bool bench_qemu_present(void);

/* The options of a machine with `vms` machines of BENCH_RAM each, that run `path`. */
struct options bench_board_options(const char **path, unsigned vms, enum shadow_policy policy);

#endif
