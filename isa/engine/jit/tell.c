/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tell.c - reporting to observers what was translated, and what each piece of host code is for.
 */
#include "isa/engine/jit/translate.h"

void tell_mark(const struct batch *b, enum jit_part part, uint32_t pc)
{
    const struct jit_options *options = &b->jit->options;
    const struct cache *cache = &b->jit->cache;
    struct jit_mark mark = {part, pc, cache->execute + (b->e.at - cache->write)};

    if (options->marked)
        options->marked(options->owner, &mark);
}

void tell_batch(const struct batch *b)
{
    const struct jit_options *options = &b->jit->options;
    const struct cache *cache = &b->jit->cache;

    for (uint32_t i = b->first_block; options->translated && i < cache->block_count; i++) {
        struct jit_block block = cache_describe(b->jit, &cache->blocks[i]);

        options->translated(options->owner, &block);
    }
}
