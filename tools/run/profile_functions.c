/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_functions.c - sums over a profile: by function, by mode, by part of the monitor. */
#include "tools/run/profile_functions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/run/profile_internal.h"
#include "vmm/para.h"

static void add(struct profile_weight *sum, struct profile_weight part)
{
    sum->insns += part.insns;
    sum->ns += part.ns;
}

uint64_t profile_unit(const struct profile *profile, struct profile_weight weight)
{
    return profile->options->profile_unit == PROFILE_NS ? weight.ns : weight.insns;
}

const char *profile_who(bool user, const struct program *program)
{
    if (!user)
        return "kernel";
    return program ? program->name : "[unknown]";
}

/* Names come from untrusted files: removes whatever could end a frame. */
const char *profile_name(const struct profile_frame *frame, char name[PROFILE_NAME])
{
    if (frame->name)
        snprintf(name, PROFILE_NAME, "%s", frame->name);
    else
        snprintf(name, PROFILE_NAME, "[0x%08" PRIx32 "]", frame->page);
    for (char *c = name; *c; c++)
        if (*c == ';' || (unsigned char)*c <= ' ' || *c == 0x7f)
            *c = '_';
    return name;
}

/* ---- The monitor ---- */

static bool names_csr(unsigned insn)
{
    enum insn_format format = (enum insn_format)insn_desc((enum insn_id)insn)->format;

    return format == FORMAT_CSR || format == FORMAT_CSRI;
}

static void each_emulated(const struct trace_counters *counters, unsigned vm,
                          profile_monitor_part *each, void *owner)
{
    for (unsigned i = 0; i < INSN_COUNT; i++) {
        struct profile_weight weight = {counters->insn[i].count, counters->insn[i].ns};

        if (weight.insns && !names_csr(i))
            each(owner, vm, "emulate", insn_desc((enum insn_id)i)->name, weight);
    }
    for (unsigned i = 0; i < CSR_COUNT; i++) {
        struct profile_weight weight = {counters->csr[i].count, counters->csr[i].ns};

        if (weight.insns)
            each(owner, vm, "emulate", csr_desc((enum csr_id)i)->name, weight);
    }
}

/* How many instructions retire in the monitor's hands with what it does. */
static uint64_t action_insns(const struct profile *profile, unsigned vm, unsigned action)
{
    switch (action) {
    case TRACE_MMIO:
    case TRACE_PTE_WRITE: return profile->machine->vms[vm].counters.action[action].count;
    case TRACE_INTERPRET: return profile_interpreted(profile, vm);
    default: return 0;
    }
}

static void each_hypercall(const struct trace_counters *counters, unsigned vm,
                           profile_monitor_part *each, void *owner)
{
    for (unsigned i = 0; i <= PARA_FUNCTIONS; i++) {
        struct profile_weight weight = {0, counters->para[i].ns};

        if (weight.ns)
            each(owner, vm, trace_action_name(TRACE_PARA), para_name((enum para_function)i),
                 weight);
    }
}

void profile_each_part(const struct profile *profile, unsigned vm, profile_monitor_part *each,
                       void *owner)
{
    const struct trace_counters *counters = &profile->machine->vms[vm].counters;

    each_emulated(counters, vm, each, owner);
    each_hypercall(counters, vm, each, owner);
    for (unsigned i = 0; i < TRACE_ACTIONS; i++) {
        struct profile_weight weight = {action_insns(profile, vm, i), counters->action[i].ns};

        if (i != TRACE_EMULATE && i != TRACE_PARA && (weight.insns || weight.ns))
            each(owner, vm, trace_action_name((enum trace_action)i), NULL, weight);
    }
}

struct profile_split profile_split(const struct profile *profile)
{
    struct profile_split split = {0};

    for (unsigned i = 0; i < profile->count; i++)
        add(profile->stacks[i].user ? &split.user : &split.kernel, profile->stacks[i].weight);
    for (unsigned k = 0; k < profile->machine->count; k++)
        add(&split.monitor, profile_monitor(profile, k));
    return split;
}

/* ---- Functions ---- */

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_function(const void *a, const void *b)
{
    const struct profile_function *x = a, *y = b;
    int order = compare(x->user, y->user);

    if (!order)
        order = compare((uintptr_t)x->program, (uintptr_t)y->program);
    if (!order)
        order = compare((uintptr_t)x->frame.name, (uintptr_t)y->frame.name);
    return order ? order : compare(x->frame.page, y->frame.page);
}

static int by_weight(const void *a, const void *b)
{
    const struct profile_function *x = a, *y = b;
    char left[PROFILE_NAME], right[PROFILE_NAME];
    int order = compare(y->self.insns, x->self.insns);

    if (!order)
        order = compare(y->total.insns, x->total.insns);
    if (!order)
        order = strcmp(profile_who(x->user, x->program), profile_who(y->user, y->program));
    return order ? order
                 : strcmp(profile_name(&x->frame, left), profile_name(&y->frame, right));
}

/* Is an inner frame of the same function? Recursion counts once. */
static bool recurs(const struct profile_stack *stack, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (stack->frames[i].name == stack->frames[n].name &&
            stack->frames[i].page == stack->frames[n].page)
            return true;
    return false;
}

static size_t add_frames(const struct profile_stack *stack, struct profile_function *list)
{
    size_t count = 0;

    for (unsigned n = 0; n < stack->depth; n++) {
        if (recurs(stack, n))
            continue;
        list[count++] = (struct profile_function){
            .user = stack->user,
            .program = stack->program,
            .frame = stack->frames[n],
            .self = n ? (struct profile_weight){0} : stack->weight,
            .total = stack->weight,
        };
    }
    return count;
}

struct profile_function *profile_functions(const struct profile *profile, size_t *count)
{
    struct profile_function *list;
    size_t frames = 0, all = 0;

    *count = 0;
    for (unsigned i = 0; i < profile->count; i++)
        frames += profile->stacks[i].depth;
    list = calloc(frames + 1, sizeof *list);
    if (!list)
        return NULL;
    for (unsigned i = 0; i < profile->count; i++)
        all += add_frames(&profile->stacks[i], list + all);
    qsort(list, all, sizeof *list, by_function);
    for (size_t i = 0; i < all; i++) {
        struct profile_function *last = *count ? &list[*count - 1] : NULL;

        if (!last || by_function(last, &list[i])) {
            list[(*count)++] = list[i];
            continue;
        }
        add(&last->self, list[i].self);
        add(&last->total, list[i].total);
    }
    qsort(list, *count, sizeof *list, by_weight);
    return list;
}
