/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - a whole classification: made on an engine, and told to people, to programs,
 * and witness by witness.
 */
#ifndef PZ_TOOLS_CLASSIFY_REPORT_H
#define PZ_TOOLS_CLASSIFY_REPORT_H

#include <jansson.h>

#include "tools/classify/classify.h"

/* An engine for the experiments, by its name, on memory of its own. */
struct classify_engine {
    const char *name;
    bool assist;
    uint8_t *ram;
    uint32_t size;
    void *own;
    void (*destroy)(void *own);
    struct classify_bench bench;
};

/* NULL: spec. With assistance, one that has it. */
enum pz_err classify_engine_open(struct classify_engine *engine, const char *name, bool assist,
                                 struct problem *problem) PZ_MUST_CHECK;
void classify_engine_close(struct classify_engine *engine);

struct classification {
    const char *engine;
    bool assist;
    uint32_t variants;
    struct classify_options options;
    struct classify_result *results;
    unsigned count;
    uint64_t runs;
    struct classify_verdicts verdicts;
    unsigned differences; /* rows that are not as claimed */
    bool as_claimed;      /* no differences; with variants and all rows, the theorems too */
};

/* With assistance the tables claim nothing, and only theorem 1 is asked about. */
static inline unsigned classification_theorems(const struct classification *all)
{
    return all->assist ? 1 : 3;
}

#define CLASSIFY_WITNESS_NAME (CLASSIFY_NAME + 24)

/* "csrrs.sstatus/mode-1" */
const char *classify_witness_name(const struct classify_result *result, unsigned index,
                                  char name[CLASSIFY_WITNESS_NAME]);
/* The same of the witness that makes the row a counterexample. */
const char *classify_counter_name(const struct classify_result *result, unsigned theorem,
                                  char name[CLASSIFY_WITNESS_NAME]);
const char *classify_theorem_text(unsigned theorem);

/* "user" and "supervisor"; with assistance "non-root" and "root". */
const char *classify_side_name(bool assist, unsigned side);

/* "control, state": the sensitive ones of a set of kinds. */
#define CLASSIFY_LIST 320
const char *classify_kinds_text(unsigned kinds, char text[CLASSIFY_LIST]);
const char *classify_fields_text(classify_fields fields, char text[CLASSIFY_LIST]);
/* "privileged, control" */
const char *classify_claim_text(const struct classify_row *row, char text[CLASSIFY_LIST]);
const char *classify_found_text(const struct classify_result *result, char text[CLASSIFY_LIST]);

/* Some rows of a classification. */
typedef bool classify_choice(const struct classify_result *result, const void *owner);
unsigned classify_count(const struct classification *classification, classify_choice *chosen,
                        const void *owner);
void classify_print_names(const struct classification *classification, classify_choice *chosen,
                          const void *owner);

void classify_print(const struct classification *classification);
/* With assistance: what leaves, and what no longer has to. */
void classify_print_leaves(const struct classification *classification);
json_t *classify_document(const struct classification *classification);

/* ---- Witnesses ---- */

/* A witness by name: of which row, kind and number. */
struct classify_reference {
    const struct classify_row *row;
    enum classify_kind kind;
    unsigned number;
};

enum pz_err classify_reference(const struct classify_rows *rows, const char *name,
                               struct classify_reference *reference,
                               struct problem *problem) PZ_MUST_CHECK;
const struct classify_witness *classify_referred(const struct classify_result *result,
                                                 const struct classify_reference *reference);

/* A witness run again. */
struct classify_replay {
    const char *name, *engine;
    const struct classify_witness *witness;
    struct classify_outcome a, b;
    bool holds;
};
void classify_print_replay(const struct classify_replay *replay);
json_t *classify_replay_document(const struct classify_replay *replay);

/*
 * A bare guest, for pz bare and pz debug: it enters the first state, runs the instruction,
 * enters the second, and runs it again.
 */
enum pz_err classify_write_elf(const struct classify_witness *witness, const char *path,
                               struct problem *problem) PZ_MUST_CHECK;

#endif
