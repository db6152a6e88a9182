/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile.c - samples, and the call stacks at which they were taken. */
#include "tools/run/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"

#define HEADS 16384u /* a power of two */

enum pz_err profile_begin(struct profile *profile, const struct options *options,
                          struct machine *machine, struct problem *problem)
{
    *profile = (struct profile){.options = options, .machine = machine, .on = true};
    profile->vms = calloc(options->vms, sizeof *profile->vms);
    profile->heads = calloc(HEADS, sizeof *profile->heads);
    if (!profile->vms || !profile->heads)
        return problem_memory(problem, "the profile");
    for (uint64_t k = 0; k < options->vms; k++)
        profile->vms[k].next = options->profile_interval;
    return PZ_OK;
}

enum pz_err profile_open(struct profile *profile, const struct options *options,
                         struct machine *machine, struct problem *problem)
{
    enum pz_err err;

    *profile = (struct profile){.options = options, .machine = machine};
    if (!options->profile)
        return PZ_OK;
    err = profile_begin(profile, options, machine, problem);
    return err ? err : outfile_open(&profile->file, "--profile", options->profile, problem);
}

void profile_free(struct profile *profile)
{
    for (unsigned i = 0; i < profile->count; i++)
        free(profile->stacks[i].frames);
    free(profile->stacks);
    free(profile->heads);
    free(profile->vms);
    programs_free(profile->programs);
    if (profile->file)
        (void)fclose(profile->file);
    *profile = (struct profile){0};
}

enum pz_err profile_start(struct profile *profile, struct problem *problem)
{
    enum pz_err err;

    if (!profile->on)
        return PZ_OK;
    err = programs_open(&profile->programs, profile->options, problem);
    for (unsigned i = 0; i < profile->machine->image_count; i++)
        if (!err && !profile->options->symbols.count)
            err = programs_beside(profile->programs, profile->machine->images[i].path, problem);
    return err;
}

/* ---- Stacks ---- */

static bool same_frames(const struct profile_stack *a, const struct profile_stack *b)
{
    for (unsigned i = 0; i < a->depth; i++)
        if (a->frames[i].name != b->frames[i].name || a->frames[i].page != b->frames[i].page)
            return false;
    return true;
}

static bool same_stack(const struct profile_stack *a, const struct profile_stack *b)
{
    return a->vm == b->vm && a->cpu == b->cpu && a->user == b->user &&
           a->program == b->program && a->depth == b->depth && same_frames(a, b);
}

static uint32_t mix(uint32_t hash, uint64_t value)
{
    return (hash ^ (uint32_t)(value ^ value >> 32)) * 0x9e3779b1u;
}

static uint32_t hash_of(const struct profile_stack *stack)
{
    uint32_t hash =
        mix((stack->vm * HARTS_MOST + stack->cpu) * 2 + stack->user, (uintptr_t)stack->program);

    for (unsigned i = 0; i < stack->depth; i++)
        hash = mix(hash ^ hash >> 15, (uintptr_t)stack->frames[i].name + stack->frames[i].page);
    return (hash ^ hash >> 15) & (HEADS - 1);
}

static bool make_room(struct profile *profile)
{
    unsigned room = profile->room ? profile->room * 2 : 256;
    struct profile_stack *grown;

    if (profile->count < profile->room)
        return true;
    grown = realloc(profile->stacks, room * sizeof *grown);
    if (!grown)
        return false;
    profile->stacks = grown;
    profile->room = room;
    return true;
}

/* A new one, with frames of its own. NULL: no memory. */
static struct profile_stack *add_stack(struct profile *profile,
                                       const struct profile_stack *wanted, uint32_t hash)
{
    size_t bytes = wanted->depth * sizeof *wanted->frames;
    struct profile_frame *frames = malloc(bytes + 1);
    struct profile_stack *stack;

    if (!frames || !make_room(profile)) {
        free(frames);
        return NULL;
    }
    memcpy(frames, wanted->frames, bytes);
    stack = &profile->stacks[profile->count++];
    *stack = *wanted;
    stack->frames = frames;
    stack->next = profile->heads[hash];
    profile->heads[hash] = profile->count;
    return stack;
}

/* The same among those there are. NULL: it is new. */
static struct profile_stack *known_stack(struct profile *profile,
                                         const struct profile_stack *wanted)
{
    for (uint32_t i = profile->heads[hash_of(wanted)]; i; i = profile->stacks[i - 1].next)
        if (same_stack(&profile->stacks[i - 1], wanted))
            return &profile->stacks[i - 1];
    return NULL;
}

static struct profile_stack *find_stack(struct profile *profile, struct profile_stack *wanted)
{
    struct profile_stack *known = known_stack(profile, wanted);

    /* A guest may have as many as it likes: those too many share one for each mode. */
    if (!known && profile->count >= PROFILE_STACKS) {
        wanted->depth = 0;
        wanted->program = NULL;
        known = known_stack(profile, wanted);
    }
    return known ? known : add_stack(profile, wanted, hash_of(wanted));
}

/* ---- Samples ---- */

static struct profile_frame frame_of(const struct symbols *symbols, uint32_t va)
{
    uint32_t offset;
    const char *name = symbols ? symbols_find(symbols, va, &offset) : NULL;

    return (struct profile_frame){name, name ? 0 : va & ~PAGE_MASK};
}

/* The stack that a VM is in now, in frames that the caller has. */
static struct profile_stack stack_now(struct profile *profile, unsigned k,
                                      struct profile_frame frames[UNWIND_MOST])
{
    struct vm *vm = &profile->machine->vms[k];
    struct peek peek = peek_vm(vm);
    struct place place =
        programs_place(profile->programs, &machine_image(profile->machine, k)->symbols, &peek,
                       vm->cpu->hart.pc);
    struct profile_stack stack = {
        .vm = k,
        .cpu = vm->board.harts.current,
        .user = vm->cpu->hart.mode == HART_USER,
        .program = place.program,
        .frames = frames,
    };
    uint32_t at[UNWIND_MOST] = {vm->cpu->hart.pc};

    stack.depth = place.symbols ? unwind(&peek, place.symbols, at) : 1;
    for (unsigned i = 0; i < stack.depth; i++)
        frames[i] = frame_of(place.symbols, at[i]);
    return stack;
}

uint64_t profile_interpreted(const struct profile *profile, unsigned k)
{
    return profile->machine->vms[k].counters.interpreted - profile->vms[k].by_engine;
}

struct profile_weight profile_monitor(const struct profile *profile, unsigned k)
{
    const struct trace_counters *counters = &profile->machine->vms[k].counters;
    struct profile_weight weight = {counters->emulated + profile_interpreted(profile, k), 0};

    for (unsigned i = 0; i < TRACE_ACTIONS; i++)
        weight.ns += counters->action[i].ns;
    return weight;
}

/* What the guest has had since the last sample goes to the stack that it is in now. */
static void sample(struct profile *profile, unsigned k)
{
    struct vm *vm = &profile->machine->vms[k];
    struct profile_vm *account = &profile->vms[k];
    struct profile_weight monitor = profile_monitor(profile, k);
    uint64_t monitor_ns = monitor.ns - account->monitor.ns;
    struct profile_frame frames[UNWIND_MOST];
    struct profile_stack now = stack_now(profile, k, frames);
    struct profile_stack *stack = find_stack(profile, &now);

    if (stack) {
        stack->samples++;
        stack->weight.insns +=
            vm_retired(vm) - account->retired - (monitor.insns - account->monitor.insns);
        stack->weight.ns += account->ns > monitor_ns ? account->ns - monitor_ns : 0;
    }
    profile->no_memory |= !stack;
    profile->samples++;
    account->retired = vm_retired(vm);
    account->monitor = monitor;
    account->ns = 0;
}

static void finish_vm(struct profile *profile, unsigned k)
{
    if (profile->vms[k].done)
        return;
    profile->vms[k].done = true;
    if (vm_retired(&profile->machine->vms[k]) > profile->vms[k].retired)
        sample(profile, k);
}

uint64_t profile_due(const struct profile *profile, unsigned k)
{
    return profile->vms[k].next - vm_retired(&profile->machine->vms[k]);
}

struct profile_stay profile_enter(const struct profile *profile, unsigned k)
{
    return (struct profile_stay){k, machine_clock(NULL),
                                 profile->machine->vmm.engine->interpreted};
}

void profile_leave(struct profile *profile, const struct profile_stay *stay)
{
    struct profile_vm *account = &profile->vms[stay->vm];

    account->ns += machine_clock(NULL) - stay->start;
    account->by_engine += profile->machine->vmm.engine->interpreted - stay->interpreted;
    if (vm_retired(&profile->machine->vms[stay->vm]) < account->next)
        return;
    sample(profile, stay->vm);
    account->next += profile->options->profile_interval;
}

/* Part of a turn: up to a sample, or to the turn's end. */
static enum vmm_status run_part(struct profile *profile, struct vm **ran)
{
    struct vmm *vmm = &profile->machine->vmm;
    struct vm *vm = vmm_next(vmm);
    unsigned k = vm ? machine_index(profile->machine, vm) : 0;
    struct profile_stay stay = profile_enter(profile, k);
    enum vmm_status status;

    do
        status = vmm_step(vmm, vm ? profile_due(profile, k) : UINT64_MAX, ran);
    while (status == VMM_RAN && vmm->turn.vm && vm_retired(vm) < profile->vms[k].next);
    if (vm)
        profile_leave(profile, &stay);
    return status;
}

enum vmm_status profile_run(struct profile *profile, struct vm **ran)
{
    enum vmm_status status;

    if (!profile->on)
        return vmm_run(&profile->machine->vmm, ran);
    do
        status = run_part(profile, ran);
    while (status == VMM_RAN && profile->machine->vmm.turn.vm);
    if (status == VMM_RAN && !vm_alive(*ran))
        finish_vm(profile, machine_index(profile->machine, *ran));
    return status;
}

void profile_stop(struct profile *profile)
{
    for (unsigned k = 0; profile->on && k < profile->machine->count; k++)
        finish_vm(profile, k);
}
