/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_heap.c - the collected heap, which modules import as "heap". An object has fields that are
 * references, which come first, and fields that are plain words. Programs have handles, never
 * addresses: each use checks that the handle names an object that lives and has such a field.
 *
 * Collection: mark, then move what is marked together (the table of handles is what else knows
 * addresses). Exact inside objects. Outside, WebAssembly's i32 tells no handle from a number: so
 * any word of the stack, the globals or the linear memory, at a multiple of four, that equals a
 * handle keeps its object. Nothing that can still be reached is ever lost; a number that happens
 * to look like a handle keeps garbage, until it changes.
 *
 *   handle:  31   28 27        16 15        0
 *           | 1110  | generation |  index   |     0 is no object
 */
#include <stddef.h>
#include <string.h>

#include "hll_module.h"

enum { TAG = 14, INDEX_BITS = 16, GENERATIONS = 1 << 12, MAX_FIELDS = 4096 };

struct hll_object {
    struct hll_object *next; /* marked, and its fields not looked at yet */
    uint32_t refs, words;
    uint32_t index;
    uint32_t marked;
    uint32_t field[]; /* references, then words */
};

static uint32_t object_bytes(uint32_t fields)
{
    return (uint32_t)(sizeof(struct hll_object) + fields * sizeof(uint32_t) + 7) & ~7u;
}

static uint32_t bytes_of(const struct hll_object *o)
{
    return object_bytes(o->refs + o->words);
}

bool hll_heap_start(struct hll *m)
{
    struct hll_heap *h = &m->heap;

    h->object = hll_take(m, HLL_HEAP_OBJECTS, sizeof(struct hll_object *));
    h->generation = hll_take(m, HLL_HEAP_OBJECTS, sizeof(*h->generation));
    h->start = hll_take(m, HLL_HEAP_BYTES, 1);
    return !m->why;
}

static struct hll_object *find(const struct hll_heap *h, uint32_t handle)
{
    uint32_t index = handle & ((1u << INDEX_BITS) - 1);

    if (handle >> 28 != TAG || index >= HLL_HEAP_OBJECTS ||
        h->generation[index] != (handle >> INDEX_BITS & (GENERATIONS - 1)))
        return NULL;
    return h->object[index];
}

static uint32_t handle_of(const struct hll_heap *h, uint32_t index)
{
    return (uint32_t)TAG << 28 | (uint32_t)h->generation[index] << INDEX_BITS | index;
}

static void mark(const struct hll_heap *h, struct hll_object **todo, uint32_t word)
{
    struct hll_object *o = word >> 28 == TAG ? find(h, word) : NULL;

    if (!o || o->marked)
        return;
    o->marked = 1;
    o->next = *todo;
    *todo = o;
}

static void mark_range(struct hll *m, struct hll_object **todo, const void *start,
                       uint32_t bytes)
{
    const uint8_t *p = start;

    for (uint32_t i = 0; i + sizeof(uint32_t) <= bytes; i += sizeof(uint32_t)) {
        uint32_t word;

        memcpy(&word, __builtin_assume_aligned(p + i, 4), sizeof(word));
        mark(&m->heap, todo, word);
    }
}

static void mark_all(struct hll *m)
{
    struct hll_object *todo = NULL;

    mark_range(m, &todo, m->stack, (uint32_t)((char *)m->stack_used - (char *)m->stack));
    mark_range(m, &todo, m->memory, m->memory_size);
    for (uint32_t i = 0; i < m->globals; i++)
        mark(&m->heap, &todo, m->global[i].words[0]);
    while (todo) {
        struct hll_object *o = todo;

        todo = o->next;
        for (uint32_t i = 0; i < o->refs; i++)
            mark(&m->heap, &todo, o->field[i]);
    }
}

/* A freed index gets its next generation: old handles name nothing. */
static void slide(struct hll_heap *h)
{
    uint32_t to = 0;

    for (uint32_t from = 0, size; from < h->used; from += size) {
        struct hll_object *o = (struct hll_object *)(void *)(h->start + from);

        size = bytes_of(o);
        if (!o->marked) {
            h->object[o->index] = NULL;
            h->generation[o->index] = (h->generation[o->index] + 1) % GENERATIONS;
            continue;
        }
        o->marked = 0;
        h->object[o->index] = (struct hll_object *)(void *)(h->start + to);
        memmove(h->start + to, o, size);
        to += size;
    }
    h->used = to;
}

static void collect(struct hll *m)
{
    mark_all(m);
    slide(&m->heap);
    m->heap.collections++;
}

static bool free_index(struct hll_heap *h, uint32_t *index)
{
    for (uint32_t i = 0; i < HLL_HEAP_OBJECTS; i++) {
        *index = (h->next + i) % HLL_HEAP_OBJECTS;
        if (!h->object[*index]) {
            h->next = *index + 1;
            return true;
        }
    }
    return false;
}

static bool has_room(struct hll *m, uint32_t bytes, uint32_t *index)
{
    return HLL_HEAP_BYTES - m->heap.used >= bytes && free_index(&m->heap, index);
}

/* new(references, words): a handle; all fields are zero. 0: no room even after a collection. */
static bool new_object(struct hll *m, uint32_t *w)
{
    struct hll_heap *h = &m->heap;
    uint32_t refs = w[0], words = w[1], bytes, index;
    struct hll_object *o;

    if (refs > MAX_FIELDS || words > MAX_FIELDS)
        return hll_trap(m, "heap: an object of more than 4096 references or words");
    bytes = object_bytes(refs + words);
    if (!has_room(m, bytes, &index)) {
        collect(m);
        if (!has_room(m, bytes, &index)) {
            w[0] = 0;
            return true;
        }
    }
    o = (struct hll_object *)(void *)(h->start + h->used);
    h->used += bytes;
    memset(o, 0, bytes);
    o->refs = refs;
    o->words = words;
    o->index = index;
    h->object[index] = o;
    w[0] = handle_of(h, index);
    return true;
}

static struct hll_object *object(struct hll *m, uint32_t handle)
{
    struct hll_object *o = find(&m->heap, handle);

    if (!o)
        hll_trap(m, handle ? "heap: not an object, or one that has been collected"
                           : "heap: null reference");
    return o;
}

/* The field; NULL: trapped. */
static uint32_t *reference(struct hll *m, const uint32_t *w)
{
    struct hll_object *o = object(m, w[0]);

    if (o && w[1] < o->refs)
        return &o->field[w[1]];
    hll_trap(m, "heap: no such reference in the object");
    return NULL;
}

static uint32_t *plain(struct hll *m, const uint32_t *w)
{
    struct hll_object *o = object(m, w[0]);

    if (o && w[1] < o->words)
        return &o->field[o->refs + w[1]];
    hll_trap(m, "heap: no such word in the object");
    return NULL;
}

static bool get(uint32_t *w, const uint32_t *field)
{
    if (field)
        w[0] = *field;
    return field != NULL;
}

static bool get_ref(struct hll *m, uint32_t *w)
{
    return get(w, reference(m, w));
}

static bool get_word(struct hll *m, uint32_t *w)
{
    return get(w, plain(m, w));
}

static bool set_ref(struct hll *m, uint32_t *w)
{
    uint32_t *field = reference(m, w);

    if (!field || (w[2] && !object(m, w[2])))
        return false;
    *field = w[2];
    return true;
}

static bool set_word(struct hll *m, uint32_t *w)
{
    uint32_t *field = plain(m, w);

    if (field)
        *field = w[2];
    return field != NULL;
}

static bool count_refs(struct hll *m, uint32_t *w)
{
    struct hll_object *o = object(m, w[0]);

    return get(w, o ? &o->refs : NULL);
}

static bool count_words(struct hll *m, uint32_t *w)
{
    struct hll_object *o = object(m, w[0]);

    return get(w, o ? &o->words : NULL);
}

static bool do_collect(struct hll *m, uint32_t *w)
{
    (void)w;
    collect(m);
    return true;
}

static bool used(struct hll *m, uint32_t *w)
{
    w[0] = m->heap.used;
    return true;
}

static bool collections(struct hll *m, uint32_t *w)
{
    w[0] = m->heap.collections;
    return true;
}

const struct hll_import hll_heap_imports[] = {
    {"heap", "new", "ii:i", new_object},
    {"heap", "ref", "ii:i", get_ref},
    {"heap", "set_ref", "iii:", set_ref},
    {"heap", "word", "ii:i", get_word},
    {"heap", "set_word", "iii:", set_word},
    {"heap", "refs", "i:i", count_refs},
    {"heap", "words", "i:i", count_words},
    {"heap", "collect", ":", do_collect},
    {"heap", "used", ":i", used},
    {"heap", "collections", ":i", collections},
    {NULL, NULL, NULL, NULL},
};
