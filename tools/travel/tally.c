/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.c - counting exits. A row is made with its first exit. When the run outgrows its steps, two
 * are joined to one, of twice the width.
 */
#include "tools/travel/tally.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_MOST 16384u /* of a VM */
#define STEPS_ALL 131072u /* of all VMs together, about */
#define STEPS_LEAST 256u

enum pz_err tally_open(struct tally *tally, unsigned vms, uint64_t begin,
                       struct problem *problem)
{
    *tally = (struct tally){.vms = vms, .steps = STEPS_MOST, .begin = begin, .width = 1};
    while (tally->steps > STEPS_LEAST && (uint64_t)tally->steps * vms > STEPS_ALL)
        tally->steps /= 2;
    tally->rows = calloc((size_t)vms * TRACE_ACTIONS, sizeof *tally->rows);
    return tally->rows ? PZ_OK : problem_memory(problem, "counting exits");
}

void tally_close(struct tally *tally)
{
    for (unsigned i = 0; tally->rows && i < tally->vms * TRACE_ACTIONS; i++)
        free(tally->rows[i]);
    free(tally->rows);
    *tally = (struct tally){0};
}

void tally_begin(struct tally *tally, uint64_t begin)
{
    for (unsigned i = 0; i < tally->vms * TRACE_ACTIONS; i++)
        if (tally->rows[i])
            memset(tally->rows[i], 0, tally->steps * sizeof *tally->rows[i]);
    tally->begin = begin;
    tally->width = 1;
    tally->lost = false;
}

/* ---- Counting ---- */

static void join_steps(uint32_t *row, unsigned steps)
{
    for (unsigned i = 0; i < steps / 2; i++)
        row[i] = row[2 * i] + row[2 * i + 1];
    memset(row + steps / 2, 0, steps / 2 * sizeof *row);
}

static void widen(struct tally *tally)
{
    for (unsigned i = 0; i < tally->vms * TRACE_ACTIONS; i++)
        if (tally->rows[i])
            join_steps(tally->rows[i], tally->steps);
    tally->width *= 2;
}

void tally_add(struct tally *tally, uint64_t retired, unsigned vm, enum trace_action action)
{
    uint32_t **row = &tally->rows[vm * TRACE_ACTIONS + action];

    while ((retired - tally->begin) / tally->width >= tally->steps)
        widen(tally);
    if (!*row)
        *row = calloc(tally->steps, sizeof **row);
    if (*row)
        (*row)[(retired - tally->begin) / tally->width]++;
    else
        tally->lost = true;
}

/* ---- Asking ---- */

/* The number of the step, at most behind the last. */
static uint64_t step_at(const struct tally *tally, uint64_t retired)
{
    uint64_t step = retired > tally->begin ? (retired - tally->begin) / tally->width : 0;

    return step < tally->steps ? step : tally->steps;
}

uint64_t tally_sum(const struct tally *tally, unsigned vm, enum trace_action action,
                   uint64_t from, uint64_t to)
{
    const uint32_t *row = tally->rows[vm * TRACE_ACTIONS + action];
    uint64_t end = step_at(tally, to), sum = 0;

    for (uint64_t i = step_at(tally, from); row && i < end; i++)
        sum += row[i];
    return sum;
}

static bool has_exit(const struct tally *tally, unsigned vm, uint64_t step)
{
    for (unsigned action = 0; action < TRACE_ACTIONS; action++) {
        const uint32_t *row = tally->rows[vm * TRACE_ACTIONS + action];

        if (action != TRACE_SWITCH && row && row[step])
            return true;
    }
    return false;
}

uint64_t tally_exit_before(const struct tally *tally, unsigned vm, uint64_t retired)
{
    uint64_t step = step_at(tally, retired);

    while (step && !has_exit(tally, vm, step - 1))
        step--;
    return tally->begin + (step ? step - 1 : 0) * tally->width;
}
