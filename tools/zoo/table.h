/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - the terms of the taxonomy, and which is a kind of which.
 */
#ifndef PZ_TOOLS_ZOO_TABLE_H
#define PZ_TOOLS_ZOO_TABLE_H

#include <stdio.h>

#include "tools/host/host.h"

#define TABLE_WORDS 12u
#define TABLE_WORD 128u

/* Which document a leaf's command prints with --json, and so where its counts are. */
enum table_document {
    TABLE_NONE, /* a term with others below it */
    TABLE_BARE,
    TABLE_VM,
    TABLE_NEST,
    TABLE_COST,
};

struct table_term {
    const char *name, *parent; /* parent NULL: the root */
    const char *sentence, *source;

    /* Of a leaf */
    enum table_document document;
    const char *per;                /* a unit of work */
    uint32_t low, high;             /* units in the two runs of a measurement */
    const char *words[TABLE_WORDS]; /* of its command; %u in one of them: the units */
};

extern const struct table_term table_terms[];
extern const unsigned table_count;

/* By name; NULL: there is none, and the problem says so and names the nearest. */
const struct table_term *table_find(const char *name, struct problem *problem);

/* 0 for the root, 1 for what is below it... */
unsigned table_depth(const struct table_term *term);

/* The words of a leaf's command with so many units, in `text`. Returns how many words. */
unsigned table_command(const struct table_term *term, uint32_t units,
                       char text[TABLE_WORDS][TABLE_WORD], char *argv[TABLE_WORDS + 2]);

/* The same as one line for a shell: "pz bare micro.elf --append 'nullcall 1000'". */
const char *table_line(const struct table_term *term, char *line, size_t room);

#endif
