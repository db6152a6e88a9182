/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sample.c - which code runs for long. Translated code gets the budget in portions of SAMPLE
 * instructions. Where one ends is a sample: code that is found there again and again, in an address
 * space that nobody has emptied in between, is translated anew, to access memory through windows
 * (window.c). Samples depend on counts of instructions alone, and nothing that a guest can see
 * depends on them.
 */
#include "isa/engine/jit/internal.h"

#define CALM 8u /* samples in one address space, before ... */
#define LONG 3u /* ... a page of code that is found so often is found to run for long */
/*
 * Before the first window, so many samples must have found such code. Windows cost some
 * milliseconds at first: RAM is copied (ram.c), and each page that is shown has faulted. A kernel
 * that boots has 46 such samples, and would pay for nothing.
 */
#define FIRST 64u

struct view *sample_view(struct jit *jit, uint32_t pc)
{
    struct sv32_space where = exec_space(&jit->env);
    const struct phys *phys = &jit->engine.phys;
    struct sv32_walk walk;

    if (sv32_probe(&where, pc, ACCESS_FETCH, &walk) != SV32_OK ||
        walk.pa - phys->base >= phys->size)
        return NULL;
    return cache_find(jit, walk.pa, pc, key_in_place(&jit->env));
}

/* Its code keeps its place until the cache is emptied, but nothing leads there any more. */
void sample_renew(struct jit *jit, struct view *view, bool windowed)
{
    if (jit->cache.next_id == INT32_MAX) {
        cache_flush(jit);
        return;
    }
    space_forget_view(jit, view);
    view->id = jit->cache.next_id++;
    view->windowed = windowed;
    view->since = jit->samples.count;
    view->faults = 0;
    memset(view->entry, 0, sizeof view->entry);
    jit->cache.epoch++;
}

/*
 * Code from the places where batches began, in their order: as it was found best before. Which
 * loops there are is found anew, too: a batch that knew from the start that it begins an outer loop
 * would take the inner ones in, and choose its registers for all of them.
 *
 * What begins in the page's last two bytes waits until it is jumped to: if it is an instruction
 * that crosses the boundary, its second half is looked up then (run.c).
 */
static void translate_again(struct jit *jit, struct view *view)
{
    struct cache *cache = &jit->cache;
    uint32_t count = cache->block_count, index = (uint32_t)(view - cache->views);

    jit->second.id = 0;
    memset(view->loop_heads, 0, sizeof view->loop_heads);
    for (uint32_t i = 0; i < count && cache_room(jit); i++) {
        const struct block *block = &cache->blocks[i];

        if (block->view == index && block->begins && (block->va & PAGE_MASK) != PAGE_SIZE - 2 &&
            !view->entry[(block->va & PAGE_MASK) / 2])
            (void)translate(jit, view, block->va);
    }
}

/*
 * Has the address space been left alone for long? Others may have had turns in between: VMs that
 * compute beside each other should not be slower for it.
 */
static bool is_calm(struct space *space)
{
    if (space->calm_drops == space->drops)
        return ++space->calm > CALM;
    space->calm_drops = space->drops;
    space->calm = 0;
    return false;
}

void sample_take(struct jit *jit)
{
    struct view *view;

    jit->samples.count++;
    if (!jit->windows || jit->planted || !is_calm(jit->space))
        return;
    view = sample_view(jit, jit->env.hart->pc);
    if (!view || view->windowed || view->stays || ++view->samples < LONG)
        return;
    if (++jit->samples.found < FIRST || !window_ready(jit))
        return;
    sample_renew(jit, view, true);
    if (view->windowed) /* the cache has not been emptied */
        translate_again(jit, view);
    jit->stats.windowed++;
}
