/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.h - what a session needs of the place where it runs, and how much a page may ask for. */
#ifndef PZ_TOOLS_WEB_HOST_H
#define PZ_TOOLS_WEB_HOST_H

#include <stdbool.h>

#include "tools/base/base.h"

#define WEB_FILE_MOST (64u << 20)    /* bytes of a stored file */
#define WEB_REQUEST_MOST (96u << 20) /* of a request: such a file in base64, and some */
#define WEB_SMALL_MOST (1u << 20)    /* of a request that stores no file */

/* What a verb has printed; both to be freed. */
struct web_output {
    int status;
    char *out, *err;
    size_t out_len, err_len;
};

struct web_host {
    const char *where;  /* "native" or "wasm", for the page */
    const char *folder; /* where the session stores files; the host removes it */
    /* Run a verb of pz in that folder: argv[0] is its name. NULL: this host runs none. */
    enum pz_err (*verb)(void *owner, int argc, char **argv, struct web_output *output,
                        struct problem *problem);
    void *owner;
    bool parts; /* `pz grade` has a C compiler here: it grades parts of the monitor, too */
};

#endif
