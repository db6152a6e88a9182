/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lockstep_first.c - repeatedly brings both sides to the same count of retired instructions. A
 * step ends as soon as it has that count, before anything that comes after the instruction, so
 * that both are at the same point of it.
 */
#include "tools/verify/lockstep_first.h"

#include <stdlib.h>

#define STRIDES_MOST (1u << 20) /* comparisons in one pass over the run */
#define ASK_EVERY 4096u         /* comparisons */

struct search {
    const struct options *options;
    const struct engines_kind *kind;
    lockstep_go_on *go_on;
    void *owner;
    struct lockstep *pair;
    uint64_t at, most, stride; /* up to `at` they are the same */
    struct hart before;        /* there */
};

static void run_vm(struct lockstep *pair, uint64_t to)
{
    struct vm *vm = &pair->machine.vms[0];
    struct vmm *vmm = &pair->machine.vmm;

    while (vm_alive(vm) && vm_retired(vm) < to) {
        uint64_t cut = vmm_next(vmm) == vm ? to - vm_retired(vm) : UINT64_MAX;

        if (vmm_step(vmm, cut, NULL) != VMM_RAN)
            return;
    }
}

/* The timer's bit follows `time` at the next entry to the CPU, which need not be both sides'. */
static struct hart settled(const struct hart *hart, const struct board *board)
{
    struct hart settled = *hart;

    settled.sip &= ~IRQ_BIT(IRQ_STIMER);
    if (hart_time(hart) >= board->deadline)
        settled.sip |= IRQ_BIT(IRQ_STIMER);
    return settled;
}

/* Bring both to `to` instructions. Are they the same there? */
static bool same_at(struct search *search, uint64_t to)
{
    struct lockstep *pair = search->pair;
    struct bare *bare = &pair->bare.bare;
    struct vm *vm = &pair->machine.vms[0];
    struct hart a, b;

    run_vm(pair, to);
    (void)bare_run(bare, to);
    a = settled(&bare->hart, &bare->board);
    b = settled(&vm->cpu->hart, &vm->board);
    return hart_equal(&a, &b) && pair->bare_port.printed.len == pair->vm_ports[0].printed.len;
}

/* Continues from `at` until they differ. False: they do not, or the search was interrupted. */
static bool find(struct search *search)
{
    for (uint64_t n = 0; search->at < search->most; n++) {
        search->before = search->pair->bare.bare.hart;
        if (!same_at(search, search->at + search->stride))
            return true;
        search->at += search->stride;
        if (n % ASK_EVERY == 0 && !search->go_on(search->owner, search->pair))
            return false;
    }
    return false;
}

/* As the bare side, which is about to be closed, would fetch it. */
static uint32_t bits_at(const struct hart *hart, struct phys *phys)
{
    struct hart copy = *hart;
    struct exec_env env = {.hart = &copy, .phys = phys};
    uint32_t raw;

    return exec_fetch(&env, &raw) ? raw : 0;
}

static void tell(const struct search *search, struct lockstep_first *first)
{
    struct lockstep *pair = search->pair;
    const struct bare *bare = &pair->bare.bare;
    const struct vm *vm = &pair->machine.vms[0];
    struct difference *difference = &first->difference;

    first->found = true;
    first->before = search->before;
    first->raw = bits_at(&first->before, &pair->bare.bare.phys);
    difference->bare = (struct difference_point){.hart = settled(&bare->hart, &bare->board),
                                                 .console_len = pair->bare_port.printed.len};
    difference->vm = (struct difference_point){.hart = settled(&vm->cpu->hart, &vm->board),
                                               .console_len = pair->vm_ports[0].printed.len};
    difference_list(difference);
    difference_show_code(&difference->bare_code, &first->before, &pair->bare.bare.phys,
                         &pair->disasm);
}

/* One pass over the run, with the chosen stride. */
static enum pz_err go(struct search *search, struct lockstep_first *first,
                      struct problem *problem)
{
    enum pz_err err = lockstep_open(search->pair, search->options, search->kind, problem);

    search->pair->stepping = true;
    if (!err && same_at(search, search->at) && find(search)) {
        if (search->stride > 1)
            first->found = true;
        else
            tell(search, first);
    }
    lockstep_close(search->pair);
    return err;
}

enum pz_err lockstep_first(struct lockstep_first *first, const struct options *options,
                           const struct engines_kind *kind, uint64_t most,
                           lockstep_go_on *go_on, void *owner, struct problem *problem)
{
    struct search search = {.options = options,
                            .kind = kind,
                            .go_on = go_on,
                            .owner = owner,
                            .pair = malloc(sizeof *search.pair),
                            .most = most,
                            .stride = most / STRIDES_MOST + 1};
    enum pz_err err;

    memset(first, 0, sizeof *first);
    if (!search.pair)
        return problem_memory(problem, "the machine");
    err = go(&search, first, problem);
    if (!err && first->found && search.stride > 1) {
        first->found = false;
        search.stride = 1;
        err = go(&search, first, problem);
    }
    free(search.pair);
    return err;
}
