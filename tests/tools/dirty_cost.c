/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty_cost.c - what tracking the pages that a guest writes costs it (vmm/dirty.h):
 *
 *    dirty_cost MILLIONS ROUND [options and kernel of pz run]
 *
 * Runs a VM for so many million instructions, then as many again and again, with and without
 * tracking in turn, asking every ROUND instructions what was written; and prints the CPU time.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "tools/host/host.h"
#include "vmm/dirty.h"

#define TIMES 8u

static void out(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner;
    (void)bytes;
    (void)len;
}

static int in(void *owner)
{
    (void)owner;
    return -1;
}

static uint64_t run(struct machine *machine, uint64_t insns, uint64_t round, uint64_t *bits,
                    uint64_t *taken, uint64_t *pages)
{
    struct vm *vm = &machine->vms[0];
    uint64_t end = vm_retired(vm) + insns, start = machine_work();

    if (bits)
        dirty_start(vm, bits);
    for (uint64_t next = vm_retired(vm); vm_retired(vm) < end && vm_alive(vm);) {
        if (bits && vm_retired(vm) >= next) {
            *pages += dirty_take(vm, taken);
            next += round;
        }
        (void)vmm_run(&machine->vmm, NULL);
    }
    dirty_stop(vm);
    return machine_work() - start;
}

int main(int argc, char **argv)
{
    const struct board_host board = {.console_out = out, .console_in = in};
    struct machine_hosts hosts = {.boards = &board};
    uint64_t insns, round, ns[2] = {0}, pages = 0, *bits, *taken;
    const struct engines_kind *kind;
    static struct machine machine;
    struct options options;
    struct problem problem;

    if (argc < 3)
        return 2;
    insns = strtoull(argv[1], NULL, 10) * 1000000;
    round = strtoull(argv[2], NULL, 10);
    if (options_read(&options, OPTIONS_RUN, argc - 2, argv + 2, &problem) ||
        engines_choose(options.engine, false, &kind, &problem) ||
        machine_open(&machine, &options, kind, &hosts, &problem)) {
        fprintf(stderr, "%s\n", problem.text);
        return 2;
    }
    bits = calloc(dirty_words(&machine.vms[0]), sizeof *bits);
    taken = calloc(dirty_words(&machine.vms[0]), sizeof *taken);
    if (!bits || !taken)
        return 3;
    (void)run(&machine, insns, round, NULL, NULL, NULL);
    for (unsigned i = 0; i < 2 * TIMES; i++)
        ns[i & 1] += run(&machine, insns, round, i & 1 ? bits : NULL, taken, &pages);
    printf("without %" PRIu64 " us, tracked %" PRIu64 " us: %+.1f %%; %" PRIu64
           " pages a round, all in the first\n",
           ns[0] / 1000, ns[1] / 1000, 100.0 * ((double)ns[1] / (double)ns[0] - 1),
           pages / (TIMES * (insns / round)));
    free(bits);
    free(taken);
    machine_close(&machine);
    return 0;
}
