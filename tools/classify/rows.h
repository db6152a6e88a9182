/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.h - the rows of a classification: one for each instruction, or for each CSR in the case of
 * CSR instructions, including those that real CPUs have and PZ32 does not. Its name, its claimed
 * classes, and operands that may expose a difference.
 */
#ifndef PZ_TOOLS_CLASSIFY_ROWS_H
#define PZ_TOOLS_CLASSIFY_ROWS_H

#include "isa/csr.h"
#include "isa/variant.h"
#include "tools/base/base.h"

#define CLASSIFY_NAME 32

struct classify_row {
    char name[CLASSIFY_NAME]; /* "addi", "csrrs.sstatus" */
    uint32_t match, mask;     /* its encodings, the CSR's number included */
    uint8_t format;           /* enum insn_format */
    bool claims;              /* do the tables say anything of it? */
    bool exists;              /* claimed: it is an instruction, in some mode */
    uint8_t privilege;        /* claimed, enum insn_privilege */
    uint8_t sensitivity;      /* claimed, enum insn_sensitivity */
};

struct classify_rows {
    struct classify_row *list;
    unsigned count, room;
};

/* All rows, of a broken instruction set (variant.h) its own too; false: no memory. */
bool classify_rows_init(struct classify_rows *rows, uint32_t variants) PZ_MUST_CHECK;
void classify_rows_fini(struct classify_rows *rows);

/* By name; or a message with the nearest name. */
enum pz_err classify_rows_find(const struct classify_rows *rows, const char *name,
                               const struct classify_row **row,
                               struct problem *problem) PZ_MUST_CHECK;

/* An encoding with operands chosen for the purpose: the k-th; 0: there are no more. */
uint32_t classify_chosen(const struct classify_row *row, unsigned k);

/* An encoding with operands taken from 32 random bits. */
uint32_t classify_random(const struct classify_row *row, uint32_t bits);

#endif
