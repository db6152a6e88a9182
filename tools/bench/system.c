/* SPDX-License-Identifier: GPL-2.0-or-later */
/* system.c - runs a workload by kind of system, and checks that the guest did all its work. */
#include "tools/bench/system.h"

#include <string.h>

#include "tools/bench/alone.h"
#include "tools/bench/board.h"
#include "tools/bench/qemu.h"

static enum pz_err run_kind(const struct bench_system *system, const struct bench_order *order,
                            struct bench_run *run, struct problem *problem)
{
    switch ((enum bench_kind)system->kind) {
    case BENCH_QEMU: return bench_qemu_run(order, run, problem);
    case BENCH_ALONE: return bench_alone_run(system, order, run, problem);
    case BENCH_BARE:
    case BENCH_VIRTUAL: break;
    }
    return bench_board_run(system, order, run, problem);
}

enum pz_err bench_system_run(const struct bench_system *system, const struct bench_order *order,
                             struct bench_run *run, struct problem *problem)
{
    enum pz_err err;

    memset(run, 0, sizeof *run);
    err = run_kind(system, order, run, problem);
    if (err)
        return err;
    if (run->marks.complaint[0])
        return problem_set(problem, PZ_FAILED, "the guest says: %s", run->marks.complaint);
    if (!bench_marks_complete(&run->marks))
        return problem_set(problem, PZ_FAILED, "the guest ended without a result");
    return PZ_OK;
}
