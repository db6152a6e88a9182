/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request.h - what a request asks for is done, and answered; and the meters that some ask for. */
#ifndef PZ_TOOLS_CONTROL_REQUEST_H
#define PZ_TOOLS_CONTROL_REQUEST_H

#include "tools/host/host.h"

/* What a run gives to its control. */
struct request_host {
    const struct options *options;
    struct machine *machine;
    struct session *session;
    void (*paused)(void *owner, unsigned vm); /* or goes on */
    void (*ended)(void *owner, unsigned vm);  /* it was killed */
    void *owner;
};

/* What a VM has used. */
struct request_meter {
    uint64_t page_ns; /* pages times the nanoseconds that it had them */
};

struct requests {
    struct request_host host;
    struct request_meter *meters; /* of each VM */
    uint64_t metered;             /* host time */
};

/* The answer to one line; NULL: no memory. */
json_t *request_answer(struct requests *requests, const char *line, size_t len);

/* Bring the meters up to date. */
void request_meter_all(struct requests *requests, uint64_t now);

#endif
