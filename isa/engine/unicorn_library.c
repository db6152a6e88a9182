/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unicorn_library.c - see unicorn_library.h. PZ_UNICORN_FILE is its name, with the version. */
#include "isa/engine/unicorn_library.h"

#include "isa/engine/dynamic.h"

struct unicorn_library unicorn_library;

static const struct dynamic_function functions[] = {
#define UNICORN_LIBRARY_ROW(name) {"uc_" #name, offsetof(struct unicorn_library, name)},
    UNICORN_LIBRARY(UNICORN_LIBRARY_ROW)
#undef UNICORN_LIBRARY_ROW
};

bool unicorn_library_load(void)
{
    return !dynamic_load(PZ_UNICORN_FILE, functions, sizeof functions / sizeof functions[0],
                         &unicorn_library);
}
