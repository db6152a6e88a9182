/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracefile.h - the file of --trace. Its name determines the format: "*.json" is Chrome's trace
 * events (trace_chrome.h), "*.bin" the compact form (trace_binary.h), anything else JSON lines, as
 * in docs/json.md.
 */
#ifndef PZ_TOOLS_TRAVEL_TRACEFILE_H
#define PZ_TOOLS_TRAVEL_TRACEFILE_H

#include "tools/show/show.h"
#include "tools/travel/trace_binary.h"
#include "tools/travel/trace_chrome.h"

struct tracefile;

/* A form of the file. */
struct trace_form {
    const char *ending;
    bool (*begin)(struct tracefile *trace); /* the machine is made. False: errno says why */
    void (*events)(struct tracefile *trace, const struct trace_event *events, size_t count);
    void (*end)(struct tracefile *trace);
};

struct tracefile {
    FILE *file; /* NULL: nothing is traced */
    const char *path;
    const struct machine *machine;
    const struct trace_form *form;
    bool begun;
    int error; /* errno of the first failure */
    struct trace_buffer kept;
    struct disasm disasm;
    struct trace_chrome chrome;
    struct trace_packer packer;
};

enum pz_err tracefile_open(struct tracefile *trace, const char *path,
                           const struct machine *machine,
                           struct problem *problem) PZ_MUST_CHECK;

/* For struct vmm_host, which must not outlive it; NULL: nothing is traced. */
struct trace_buffer *tracefile_kept(struct tracefile *trace);

/* Everything is in the file now, or a problem says why not. Safe without an open. */
enum pz_err tracefile_close(struct tracefile *trace, struct problem *problem) PZ_MUST_CHECK;

#endif
