/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * levelpages.c - translates one virtual address of a machine inside a VM. The pmap of the level
 * below maps its physical address to one of that level, and so on down to the machine. Each level
 * below also has a shadow table, which maps the virtual address to that level's physical address at
 * once; it is derived from the shadow of the level above. The CPU walks that of level 0.
 */
#include "tools/debug/levelpages.h"

#include <inttypes.h>

#include "isa/csr.h"
#include "tools/debug/memory.h"
#include "tools/debug/steps.h"

struct lookup {
    struct debug *debug;
    const struct levels *levels;
    unsigned level;
    uint32_t va;
    bool mapped;
    uint64_t pa[LEVELS_MOST + 1]; /* in each level, from `known` on; [0]: the machine's */
    unsigned known;
};

/* The physical address at each level below, down to the first that has no page for it. */
static void descend(struct lookup *l)
{
    uint64_t pa = l->pa[l->level];

    for (l->known = l->level; l->known && levels_below(l->levels, l->known, &pa); l->known--)
        l->pa[l->known - 1] = pa;
}

static void say_pages(const struct lookup *l)
{
    FILE *out = l->debug->out;

    fprintf(out, "physical 0x%08" PRIx64 " of level %u\n", l->pa[l->level], l->level);
    for (unsigned level = l->level; level-- > l->known;)
        if (level)
            fprintf(out, "         0x%08" PRIx64 " of level %u\n", l->pa[level], level);
        else
            fprintf(out, "machine  0x%08" PRIx64 "\n", l->pa[0]);
    if (l->known == l->level)
        fprintf(out, "         level %u has no page for it: never touched, or a device\n",
                l->level - 1);
    else if (l->known)
        fprintf(out, "         level %u has no page for that yet\n", l->known - 1);
}

/* The entry in the shadow of a level; 0: none. */
static uint32_t shadow_entry_of(const struct lookup *l, unsigned level)
{
    const struct hart *hart = &l->levels->of[1].hart;
    struct phys eyes = l->levels->of[level].eyes;
    struct sv32_walk walk;
    int root;

    if (level) {
        uint32_t satp = l->levels->of[level + 1].shadow;

        if (!(satp & SATP_SV32) || debug_look_walk(&eyes, satp, l->va, &walk) != SV32_OK)
            return 0;
        return walk.pte;
    }
    root = debug_shadow_root(l->levels->vm, hart);
    return root < 0
               ? 0
               : shadow_lookup(&l->levels->vm->shadow, (unsigned)root, (struct gva){l->va});
}

static const char *verdict(const struct lookup *l, unsigned level, uint32_t entry)
{
    if (!entry)
        return "no entry: a first access traps to it";
    if (!l->mapped || level < l->known ||
        PTE_PPN(entry) != (uint32_t)(l->pa[level] >> PAGE_SHIFT))
        return "stale: another page than the tables above say now";
    return "agrees";
}

/* If a level has not entered the one above, its shadow is for another guest or none. */
static void say_shadow(const struct lookup *l, unsigned level)
{
    uint32_t entry = shadow_entry_of(l, level);
    char flags[DEBUG_PTE];

    fprintf(l->debug->out, "shadow   of level %u: ", level);
    if (entry)
        fprintf(l->debug->out, "0x%08" PRIx32 ", its page 0x%08" PRIx64 " %s: ", entry,
                (uint64_t)PTE_PPN(entry) << PAGE_SHIFT, debug_pte_flags(entry, flags));
    fprintf(l->debug->out, "%s\n", verdict(l, level, entry));
}

static void say_shadows(const struct lookup *l)
{
    unsigned level = l->level - 1;

    say_shadow(l, level);
    for (; level && l->levels->of[level].hart.mode == HART_USER; level--)
        if (level > 1 || l->levels->vm->config.monitor != VM_ASSIST)
            say_shadow(l, level - 1);
    if (level)
        fprintf(l->debug->out,
                "         level %u runs its own code: no shadow of this in level %u\n", level,
                level - 1);
}

void levelpages_show(struct debug *debug, uint32_t va)
{
    struct lookup l = {
        .debug = debug, .levels = &debug->levels, .level = debug->level, .va = va};
    const struct hart *hart = debug_hart(debug);
    struct phys eyes = debug_memory(debug);
    struct sv32_walk walk;

    l.mapped = debug_look_walk(&eyes, hart->satp, va, &walk) == SV32_OK;
    l.known = l.level;
    fprintf(debug->out, "gva      0x%08" PRIx32 " of level %u, %s mode\n", va, l.level,
            debug_mode(hart->mode));
    debug_say_walk(debug, &eyes, hart->satp, &walk, va);
    if (l.mapped) {
        l.pa[l.level] = walk.pa;
        descend(&l);
        say_pages(&l);
    } else {
        fputs("physical none: the guest does not map it\n", debug->out);
    }
    say_shadows(&l);
    json_put_number(debug->data, "gva", va);
    json_put(debug->data, "mapped", json_boolean(l.mapped));
    if (l.mapped)
        json_put_number(debug->data, "gpa", walk.pa);
    if (l.mapped && !l.known)
        json_put_number(debug->data, "machine", l.pa[0]);
}
