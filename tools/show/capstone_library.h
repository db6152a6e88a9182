/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capstone_library.h - the Capstone library, loaded when something is first disassembled: its
 * 80,000 relocations would take as long as the rest of a start of pz. Only where PZ_HAVE_CAPSTONE.
 */
#ifndef PZ_TOOLS_SHOW_CAPSTONE_LIBRARY_H
#define PZ_TOOLS_SHOW_CAPSTONE_LIBRARY_H

#include <stdbool.h>

#include <capstone/capstone.h>

/* What is called, without the prefix cs_. */
#define CAPSTONE_LIBRARY(X)                                                                    \
    X(close)                                                                                   \
    X(disasm)                                                                                  \
    X(free)                                                                                    \
    X(open)                                                                                    \
    X(version)

struct capstone_library {
#define CAPSTONE_LIBRARY_FIELD(name) __typeof__(&cs_##name) name;
    CAPSTONE_LIBRARY(CAPSTONE_LIBRARY_FIELD)
#undef CAPSTONE_LIBRARY_FIELD
};

/* Set by capstone_library_load(); nothing of it may be called before. */
extern struct capstone_library capstone_library;

/* False: it is not there, or lacks a function. May be called again. */
bool capstone_library_load(void);

#endif
