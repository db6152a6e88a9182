/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partserve.h - the part's side of partproc.h: the process that has the student's code in it. The
 * two .c files share this header; nobody else needs it.
 */
#ifndef PZ_TOOLS_SANDBOX_PARTSERVE_H
#define PZ_TOOLS_SANDBOX_PARTSERVE_H

#include "tools/sandbox/box.h"
#include "tools/sandbox/partwire.h"

struct partserve {
    const char *object;
    const struct box_limits *limits;
    int in, out;    /* messages */
    int memory;     /* the memory that both see, opened to be read only */
    uint8_t *begin; /* where it lies... */
    size_t size;    /* ...and how much it is */
};

_Noreturn void partserve_run(const struct partserve *with);

/*
 * What a student's file is linked to (compile.c) in place of the allocator's functions: in the
 * part's process a question to the monitor, anywhere else the function itself.
 */
bool __wrap_allocate_page(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                          struct mpa *mpa);
bool __wrap_allocate_reserve(struct allocator *allocator, uint16_t owner, uint32_t count,
                             struct mpa *first);
bool __wrap_allocate_reserved(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                              struct mpa mpa);
void __wrap_allocate_free(struct allocator *allocator, struct mpa mpa);

#endif
