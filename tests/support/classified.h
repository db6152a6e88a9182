/* SPDX-License-Identifier: GPL-2.0-or-later */
/* classified.h - what tests of the classifier share: an engine, all rows, and their witnesses. */
#ifndef PZ_TESTS_SUPPORT_CLASSIFIED_H
#define PZ_TESTS_SUPPORT_CLASSIFIED_H

#include "tools/classify/report.h"

extern const struct classify_options classified_usual, classified_chosen;

/* Without waiting for slow clocks. */
void classified_open(struct classify_engine *engine, const char *name, bool assist);

/* All rows; to be freed. */
struct classify_result *classified_all(struct classify_engine *engine,
                                       const struct classify_rows *rows,
                                       const struct classify_options *options);

/* Every witness shows again what it showed. */
void classified_check_witnesses(struct classify_engine *engine,
                                const struct classify_result *result);
/* A sensitive row has a witness of each of its kinds. */
void classified_check_kinds(const struct classify_result *result);

#endif
