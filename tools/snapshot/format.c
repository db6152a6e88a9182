/* SPDX-License-Identifier: GPL-2.0-or-later */
/* format.c - rows of an index, and what is wrong with a section. */
#include "tools/snapshot/format.h"

#define ROW_USED 0x80000000u /* in a row's first number: no VM has so many pages */

struct pages_row format_row(const uint8_t *bytes)
{
    uint32_t page = little_get32(bytes);

    return (struct pages_row){page & ~ROW_USED, little_get32(bytes + 4), page & ROW_USED};
}

void format_put_row(uint8_t *bytes, const struct pages_row *row)
{
    little_put32(bytes, row->page | (row->used ? ROW_USED : 0));
    little_put32(bytes + 4, row->stored);
}

enum pz_err format_damaged(struct snapshot_file *file, const char *section, size_t at,
                           const char *what, struct problem *problem)
{
    enum pz_err err;

    file->frames.problem = problem;
    file->frames.section = section;
    file->frames.start = at;
    err = frames_damaged(&file->frames, what);
    problem_prefix(problem, file->path);
    return err;
}
