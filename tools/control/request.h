/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request.h - what a request asks for is done, and answered. */
#ifndef PZ_TOOLS_CONTROL_REQUEST_H
#define PZ_TOOLS_CONTROL_REQUEST_H

#include "tools/control/bill.h"
#include "tools/host/host.h"
#include "tools/migrate/migrate.h"

/* What a run gives to its control. */
struct request_host {
    const struct options *options;
    struct machine *machine;
    struct session *session;
    struct recorder *recorder;
    struct source *source;
    const struct target *target; /* NULL: the machine has not arrived */
    struct meters *meters;
    const struct bill *bill;
    void (*paused)(void *owner, unsigned vm); /* or goes on */
    void (*ended)(void *owner, unsigned vm);  /* it was killed */
    void *owner;
};

#define REQUESTS_NO_CONSOLE (-1)

struct requests {
    struct request_host host;
    int console; /* of the last request: the VM whose console it asked for, or REQUESTS_NO_CONSOLE */
    bool deferred; /* the answer to the last line comes later... */
    json_t *id;    /* ...with this */
    bool saved;    /* all that the machine is now: cleared by who wants to know */
};

/* The answer to one line; NULL: no memory, or all->deferred. */
json_t *request_answer(struct requests *requests, const char *line, size_t len);

/* The answer to what is no request at all. */
json_t *request_refusal(const char *text);

/* The answer that was deferred, when there is one; else NULL. */
json_t *request_late(struct requests *requests);

#endif
