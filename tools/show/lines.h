/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.h - source lines and stack frames of a program, out of its DWARF. The file may be hostile
 * and its reader is a library, so it is read in a process of its own: whatever happens there, the
 * debugger has tables or has none, and what it receives is checked (lines.c; lines_dwarf.c reads
 * the DWARF).
 */
#ifndef PZ_TOOLS_SHOW_LINES_H
#define PZ_TOOLS_SHOW_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From `address` up to the next row's is this line. Line 0: no line. */
struct lines_row {
    uint32_t address, file, line;
};

#define LINES_SAME INT32_MIN /* the register still has its caller's value */

/* The registers that a function keeps for its caller, by their numbers: ra, s0 to s11. */
#define LINES_SAVED 13u
extern const uint8_t lines_saved[LINES_SAVED];

/* In [start, end) the caller's sp is register `cfa_reg` + `cfa`; registers are saved there +. */
struct lines_frame {
    uint32_t start, end, cfa_reg;
    int32_t cfa, saved[LINES_SAVED];
};

struct lines {
    struct lines_row *rows;     /* by address */
    struct lines_frame *frames; /* by address; they do not overlap */
    char **files;               /* paths as the compiler saw them */
    char *names;                /* all of them */
    size_t row_count, frame_count, file_count;
    const char *missing; /* why there are no lines, for people; NULL: there are */
};

/* Whatever `bytes` are. To be freed. */
void lines_load(struct lines *lines, const uint8_t *bytes, size_t len);
void lines_free(struct lines *lines);

/* The row that `address` is in, NULL for none. */
const struct lines_row *lines_at(const struct lines *lines, uint32_t address);

/* The frame description for `address`, NULL for none. */
const struct lines_frame *lines_frame_at(const struct lines *lines, uint32_t address);

/*
 * Where the code of a line begins, or of the first line behind it that has code. A file is named
 * by its path or by the end of it. False: no such file, or no such line in it.
 */
bool lines_find(const struct lines *lines, const char *file, uint32_t line, uint32_t *address);

/* The last part of a path. */
const char *lines_name(const char *path);

/* ---- lines_dwarf.c ---- */

/* What the reading process sends: this, then rows, frames, and paths with a NUL behind each. */
struct lines_head {
    uint32_t magic, rows, frames, names;
};
#define LINES_MAGIC 0x4c5a5031u
#define LINES_MOST (1u << 20) /* rows; frames */
#define LINES_NAMES_MOST (4u << 20)

/* Read the DWARF and send it. In a process of its own. False: there is none. */
bool lines_dwarf(const uint8_t *bytes, size_t len, int to);

/* NULL: the library is there. */
extern const char *const lines_no_library;

#endif
