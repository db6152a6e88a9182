/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.c - start-up, as whole processes: this program started to run one instruction of a
 * guest, until it has ended; and QEMU, until its guest's first output.
 */
#define _GNU_SOURCE
#include "tools/bench/start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "tools/bench/system.h"

/* In the child: never returns. */
static void become_pz(const char *engine, const char *guest)
{
    int nothing = open("/dev/null", O_RDWR);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    execl("/proc/self/exe", "pz", "run", "--vms", "1", "--max-insns", "1", "--engine", engine,
          guest, (char *)NULL);
    _exit(127);
}

static enum pz_err start_pz(const char *engine, const char *guest, double *ns,
                            struct problem *problem)
{
    uint64_t before = machine_clock(NULL);
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0)
        become_pz(engine, guest);
    if (child < 0)
        return problem_set(problem, PZ_HOST, "a process: %s", strerror(errno));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    *ns = (double)(machine_clock(NULL) - before);
    /* Stopped at its limit of instructions, a guest counts as failed. */
    if (!WIFEXITED(status) || WEXITSTATUS(status) > PZ_FAILED)
        return problem_set(problem, PZ_FAILED, "pz run --max-insns 1 did not work");
    return PZ_OK;
}

static enum pz_err start_qemu(struct samples *samples, struct problem *problem)
{
    const struct bench_system qemu = {.kind = BENCH_QEMU};
    struct bench_guest guest;
    struct bench_order order = {.guest = &guest};
    struct bench_run run;
    enum pz_err err = bench_guest_open(&guest, "crc", "-virt", problem);

    if (!err)
        err = bench_guest_set(&guest, 1, problem);
    if (!err)
        err = bench_system_run(&qemu, &order, &run, problem);
    if (!err)
        samples_add(samples, (double)run.first_byte_ns);
    bench_guest_close(&guest);
    return err;
}

enum pz_err bench_start_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem)
{
    struct bench_guest guest;
    enum pz_err err = bench_guest_open(&guest, "crc", "", problem);

    for (unsigned i = 0; !err && i < order->runs; i++) {
        double ns = 0;

        err = start_pz(order->engines[0]->name, guest.path, &ns, problem);
        samples_add(&figures->start_pz, ns);
        if (!err && order->qemu)
            err = start_qemu(&figures->start_qemu, problem);
    }
    bench_guest_close(&guest);
    samples_sort(&figures->start_pz);
    samples_sort(&figures->start_qemu);
    return err;
}
