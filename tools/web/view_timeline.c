/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_timeline.c - exits by kind and VM in buckets of instructions. The timeline has counted them
 * in steps, when the run first came there. A stretch in which buckets are smaller than those steps
 * is run once more for it, and the machine then stands where it stood.
 */
#include <stdlib.h>

#include "tools/web/state.h"

#define BUCKETS_DEFAULT 100u
#define BUCKETS_MOST 4096u

struct counting {
    struct debug *debug;
    uint64_t from, to, width; /* from the first instruction to the last */
    unsigned buckets;
    uint32_t *counts; /* by VM, action and bucket */
};

static uint32_t *row_of(const struct counting *c, unsigned vm, unsigned action)
{
    return c->counts + ((size_t)vm * TRACE_ACTIONS + action) * c->buckets;
}

/* ---- By running again ---- */

static bool count_event(void *owner, struct timeline *timeline, const struct trace_event *event)
{
    struct counting *c = owner;
    const struct machine *machine = c->debug->machine;
    uint64_t retired = 0, bucket;

    (void)timeline;
    for (unsigned k = 0; k < machine->count; k++)
        retired += vm_retired(&machine->vms[k]);
    bucket = retired < c->from ? 0 : (retired - c->from) / c->width;
    if (bucket >= c->buckets)
        bucket = c->buckets - 1;
    if (!event->translated)
        row_of(c, event->vm - 1u, event->action)[bucket]++;
    return false;
}

/* The debugger keeps what it has recorded of the last exit, and what is selected. */
static void run_again(struct counting *c)
{
    struct timeline *timeline = c->debug->timeline;
    struct timeline_position now = timeline_now(timeline), end = {c->to, UINT64_MAX};
    struct vmm_host *host = &c->debug->machine->vmm.host;
    struct timeline_stop stop = {.event = count_event, .owner = c};
    void (*probe)(void *, struct vm *, const struct probe *) = host->probe;

    if (timeline_compare(timeline_known(timeline), end) < 0)
        end = timeline_known(timeline);
    host->probe = NULL;
    (void)timeline_goto(timeline, (struct timeline_position){c->from, 0});
    if (timeline_compare(timeline_now(timeline), end) < 0)
        (void)timeline_run(timeline, end, &stop);
    (void)timeline_goto(timeline, now);
    host->probe = probe;
}

/* ---- From what is counted ---- */

/* Steps are not cut: the stretch and the buckets become longer. */
static void fit_steps(struct counting *c, const struct tally *tally)
{
    uint64_t from = c->from > tally->begin ? c->from : tally->begin;

    c->from = tally_step(tally, from);
    c->to = c->to > from ? c->to : from;
    c->to = tally_step(tally, c->to) + tally->width - 1;
    c->width = (c->width + tally->width - 1) & ~(tally->width - 1);
    c->buckets = (unsigned)((c->to - c->from) / c->width + 1);
}

static void take_counted(struct counting *c, const struct tally *tally)
{
    for (unsigned vm = 0; vm < tally->vms; vm++)
        for (unsigned action = 0; action < TRACE_ACTIONS; action++)
            for (unsigned i = 0; i < c->buckets; i++) {
                uint64_t from = c->from + i * c->width, to = from + c->width;

                row_of(c, vm, action)[i] = (uint32_t)tally_sum(
                    tally, vm, (enum trace_action)action, from, to < c->to ? to : c->to + 1);
            }
}

/* ---- The view ---- */

static json_t *rows(const struct counting *c)
{
    json_t *list = json_array();

    for (unsigned vm = 0; vm < c->debug->machine->count; vm++)
        for (unsigned action = 0; action < TRACE_ACTIONS; action++) {
            json_t *counts = json_array(), *row;
            uint64_t total = 0;

            for (unsigned i = 0; i < c->buckets; i++) {
                total += row_of(c, vm, action)[i];
                (void)json_array_append_new(counts, json_integer(row_of(c, vm, action)[i]));
            }
            if (!total) {
                json_decref(counts);
                continue;
            }
            row = json_object();
            json_put_number(row, "vm", vm);
            json_put_text(row, "kind", trace_action_name((enum trace_action)action));
            json_put_number(row, "total", total);
            json_put(row, "counts", counts);
            (void)json_array_append_new(list, row);
        }
    return list;
}

/* Where it has been is what there is to see. */
static enum pz_err read_stretch(struct counting *c, const json_t *request,
                                struct problem *problem)
{
    struct timeline *timeline = c->debug->timeline;
    uint64_t known = timeline_known(timeline).retired, now = timeline_now(timeline).retired;
    uint64_t buckets;

    if (!web_number(request, "from", known, 0, &c->from, problem) ||
        !web_number(request, "to", INT64_MAX, now, &c->to, problem) ||
        !web_number(request, "buckets", BUCKETS_MOST, BUCKETS_DEFAULT, &buckets, problem))
        return PZ_USAGE;
    if (c->to > known)
        c->to = known;
    if (c->to < c->from || !buckets)
        return problem_set(problem, PZ_USAGE,
                           "'from' is after 'to', or the number of buckets is 0");
    c->buckets = (unsigned)buckets;
    c->width = (c->to - c->from) / buckets + 1;
    return PZ_OK;
}

enum pz_err web_view_timeline(struct web_session *session, const json_t *request, json_t *view,
                              struct problem *problem)
{
    struct debug *debug = &session->machine->debug;
    const struct tally *tally = timeline_exits(debug->timeline);
    uint64_t known = timeline_known(debug->timeline).retired;
    struct counting c = {.debug = debug};
    enum pz_err err = read_stretch(&c, request, problem);
    bool counted = !err && tally && c.width >= tally->width;

    if (err)
        return err;
    if (counted)
        fit_steps(&c, tally);
    c.counts =
        calloc((size_t)debug->machine->count * TRACE_ACTIONS * c.buckets, sizeof *c.counts);
    if (!c.counts)
        return problem_memory(problem, "the timeline");
    if (counted)
        take_counted(&c, tally);
    else
        run_again(&c);
    json_put_number(view, "from", c.from);
    json_put_number(view, "to", c.to < known ? c.to : known);
    json_put_number(view, "now", timeline_now(debug->timeline).retired);
    json_put_number(view, "known", known);
    json_put_number(view, "width", c.width);
    json_put_number(view, "buckets", c.buckets);
    json_put(view, "rows", rows(&c));
    free(c.counts);
    return PZ_OK;
}
