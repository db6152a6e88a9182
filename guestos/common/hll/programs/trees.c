/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trees.c - trees [N]: binary trees of depth N on the collected heap, made, counted and dropped
 * many times over, beside one that lives all the while. More is made than the heap holds.
 */
#include "../heap.h"
#include "user.h"

enum { LEFT, RIGHT, ROUNDS = 40, REFS = 2, WORDS = 1 };

static object make(uint32_t depth)
{
    object o = heap_new(REFS, WORDS);

    if (!o) {
        dprintf(2, "trees: the heap is full\n");
        exit(1);
    }
    heap_set_word(o, 0, depth);
    if (depth > 0) {
        heap_set_ref(o, LEFT, make(depth - 1));
        heap_set_ref(o, RIGHT, make(depth - 1));
    }
    return o;
}

static uint32_t count(object o)
{
    return o ? 1 + count(heap_ref(o, LEFT)) + count(heap_ref(o, RIGHT)) : 0;
}

int main(int argc, char **argv)
{
    uint32_t depth = number_argument(argc, argv, 8), made = 0;
    object kept = make(depth);

    for (int i = 0; i < ROUNDS; i++)
        made += count(make(depth));
    printf("%u objects made, %u kept, %s\n", made, count(kept),
           heap_collections() > 0 ? "collected" : "not collected");
    return 0;
}
