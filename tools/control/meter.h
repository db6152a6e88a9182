/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meter.h - what VMs have used: the figures of pz stats, and of bills. Most of them follow from
 * what the guests did, and are the same in every run; the others are the host's.
 */
#ifndef PZ_TOOLS_CONTROL_METER_H
#define PZ_TOOLS_CONTROL_METER_H

#include "tools/host/host.h"

/* What is metered, in one table: for JSON, for Prometheus, and for prices. */
enum meter_figure {
    METER_INSNS,
    METER_EXITS,
    METER_PAGE_VIRTUAL,
    METER_CONSOLE_OUT,
    METER_CONSOLE_IN,
    METER_DISK_READ,
    METER_DISK_WRITTEN,
    METER_NET_IN,
    METER_NET_OUT,
    METER_PAGES,
    METER_MONITOR,
    METER_PAGE_HOST,
    METER_FIGURES,
};

struct meter_row {
    const char *name, *help;
    double scale; /* of the number that is kept; 1: it is a count */
    bool gauge;   /* how much there is now, not how much there was in all */
    bool host;    /* not the same in every run */
};

extern const struct meter_row meter_rows[METER_FIGURES];

/* Of one VM, since this pz started. */
struct meter {
    uint64_t page_us;      /* pages, times the microseconds of its time that it had them */
    uint64_t page_host_us; /* the same, in the host's time */
    uint64_t ticks;        /* its time when page_us was last added up */
};

struct meters {
    const struct machine *machine;
    const struct session *session;
    struct meter *of; /* each VM */
    uint64_t looked;  /* host time */
};

/* The machine and session may be opened later. To be closed whatever comes back. */
enum pz_err meters_open(struct meters *meters, unsigned vms,
                        struct problem *problem) PZ_MUST_CHECK;
void meters_close(struct meters *meters);

/* The run begins. */
void meters_start(struct meters *meters, const struct machine *machine,
                  const struct session *session);

/* A VM has had a turn. */
void meters_turn(struct meters *meters, unsigned vm);

/* Tell the current host time to meters that depend on it. */
void meters_look(struct meters *meters, uint64_t now);

/* As it is kept, without its scale. */
uint64_t meters_raw(const struct meters *meters, unsigned vm, enum meter_figure figure);

/* In its unit. */
double meters_value(const struct meters *meters, unsigned vm, enum meter_figure figure);

/* All of a VM's, added to a JSON object. */
void meters_put(const struct meters *meters, unsigned vm, json_t *object);

#endif
