/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_library.h - the Unicorn library, loaded when an engine is made: its 80,000 relocations
 * would take twice as long as the rest of a start of pz, and few starts need it.
 */
#ifndef PZ_ISA_ENGINE_UNICORN_LIBRARY_H
#define PZ_ISA_ENGINE_UNICORN_LIBRARY_H

#include <stdbool.h>

#include <unicorn/unicorn.h>

/* What is called, without the prefix uc_. */
#define UNICORN_LIBRARY(X)                                                                     \
    X(close)                                                                                   \
    X(context_alloc)                                                                           \
    X(context_free)                                                                            \
    X(context_restore)                                                                         \
    X(context_save)                                                                            \
    X(context_size)                                                                            \
    X(ctl)                                                                                     \
    X(emu_start)                                                                               \
    X(emu_stop)                                                                                \
    X(hook_add)                                                                                \
    X(mem_map_ptr)                                                                             \
    X(open)                                                                                    \
    X(reg_read)                                                                                \
    X(reg_read_batch)                                                                          \
    X(reg_write)                                                                               \
    X(reg_write_batch)                                                                         \
    X(version)

struct unicorn_library {
#define UNICORN_LIBRARY_FIELD(name) __typeof__(&uc_##name) name;
    UNICORN_LIBRARY(UNICORN_LIBRARY_FIELD)
#undef UNICORN_LIBRARY_FIELD
};

/* Set by unicorn_library_load(); nothing of it may be called before. */
extern struct unicorn_library unicorn_library;

/* The library's macros uc_ctl_*() call this. */
#define uc_ctl unicorn_library.ctl

/* False: it is not there, or lacks a function. May be called again. */
bool unicorn_library_load(void);

#endif
