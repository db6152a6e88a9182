/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.h - names for what guests run in user mode. pz knows nothing about the guest's
 * processes, so it identifies a program by comparison: it is the one whose ELF file has, at the
 * same virtual addresses, exactly the code that is mapped now.
 */
#ifndef PZ_TOOLS_SHOW_PROGRAMS_H
#define PZ_TOOLS_SHOW_PROGRAMS_H

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/show/peek.h"

#define PROGRAMS_MOST 256u

struct program {
    char *name; /* the file's, without ".elf" */
    struct file file;
    struct symbols symbols;
    struct symbols_part code[SYMBOLS_PARTS];
    unsigned parts;
};

struct programs {
    struct program list[PROGRAMS_MOST];
    unsigned count;
    unsigned last; /* found last: it is looked at first */
};

/* What is at a virtual address: `function` NULL where nothing has a name for it. */
struct place {
    const struct program *program; /* NULL: the kernel's, or unknown */
    const struct symbols *symbols; /* those that named it; NULL: none */
    const char *function;
    uint32_t offset;
};

/*
 * The files named by --symbols, or in directories that it names; without it, those in `user`
 * beside each kernel. Gives memory that programs_free() takes back, whatever comes back.
 */
enum pz_err programs_open(struct programs **programs, const struct options *options,
                          struct problem *problem) PZ_MUST_CHECK;
enum pz_err programs_file(struct programs **programs, const char *path,
                          struct problem *problem) PZ_MUST_CHECK; /* this one alone */
enum pz_err programs_beside(struct programs *programs, const char *kernel,
                            struct problem *problem) PZ_MUST_CHECK;
void programs_free(struct programs *programs);

/* The program whose code the hart has at `va`, or NULL. */
const struct program *programs_find(struct programs *programs, struct peek *peek, uint32_t va);

/* Name an address of the hart: in user mode by a program, else by the kernel's symbols. */
struct place programs_place(struct programs *programs, const struct symbols *kernel,
                            struct peek *peek, uint32_t va);

#endif
