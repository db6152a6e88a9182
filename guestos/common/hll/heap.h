/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * heap.h - the collected heap, for modules in C: objects of `refs` references and `words` numbers,
 * all zero at first. What is not reachable any more is collected when room is needed; what an
 * object is, is checked at each use. See README.md for what counts as reachable.
 */
#ifndef HLL_HEAP_IMPORTS_H
#define HLL_HEAP_IMPORTS_H

#include <stdint.h>

#define HEAP(name) __attribute__((import_module("heap"), import_name(name)))

typedef uint32_t object; /* 0 is none */

HEAP("new") object heap_new(uint32_t refs, uint32_t words); /* 0: no room */
HEAP("ref") object heap_ref(object o, uint32_t i);
HEAP("set_ref") void heap_set_ref(object o, uint32_t i, object to);
HEAP("word") uint32_t heap_word(object o, uint32_t i);
HEAP("set_word") void heap_set_word(object o, uint32_t i, uint32_t value);
HEAP("refs") uint32_t heap_refs(object o);
HEAP("words") uint32_t heap_words(object o);
HEAP("collect") void heap_collect(void);
HEAP("used") uint32_t heap_used(void); /* bytes */
HEAP("collections") uint32_t heap_collections(void);

#endif
