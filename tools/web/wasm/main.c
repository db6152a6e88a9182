/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - in place of tools/pz.c and the C library's start: a verb runs in the folder that the
 * variable PWD names. The library's own start would have the linker call constructors around
 * every export, those of module.c too.
 */
#include "tools/main.h"

#include <revision.h> /* made by cmake/Revision.cmake */
#include <stdlib.h>
#include <unistd.h>

void __wasm_call_ctors(void);
int __main_void(void); /* the C library's: reads the arguments, and calls main() */
void _start(void);

int main(int argc, char **argv)
{
    const char *folder = getenv("PWD");

    if (folder)
        (void)chdir(folder);
    return pz_main(argc, argv, PZ_REVISION, PZ_DATE);
}

__attribute__((export_name("_start"))) void _start(void)
{
    __wasm_call_ctors();
    exit(__main_void());
}
