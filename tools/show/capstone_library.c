/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capstone_library.c - see capstone_library.h. PZ_CAPSTONE_FILE is its name, with the version;
 * where there is none, pz is linked with it.
 */
#include "tools/show/capstone_library.h"

#if defined(PZ_CAPSTONE_FILE)
#include "isa/engine/dynamic.h"

struct capstone_library capstone_library;

static const struct dynamic_function functions[] = {
#define CAPSTONE_LIBRARY_ROW(name) {"cs_" #name, offsetof(struct capstone_library, name)},
    CAPSTONE_LIBRARY(CAPSTONE_LIBRARY_ROW)
#undef CAPSTONE_LIBRARY_ROW
};

bool capstone_library_load(void)
{
    return !dynamic_load(PZ_CAPSTONE_FILE, functions, sizeof functions / sizeof functions[0],
                         &capstone_library);
}
#else
struct capstone_library capstone_library = {
#define CAPSTONE_LIBRARY_ROW(name) .name = cs_##name,
    CAPSTONE_LIBRARY(CAPSTONE_LIBRARY_ROW)
#undef CAPSTONE_LIBRARY_ROW
};

bool capstone_library_load(void)
{
    return true;
}
#endif
