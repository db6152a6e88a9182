/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - addresses of places in the lab's page: what is open there, which VM, after how many
 * instructions, seen how. All of it stands behind the "#", which no browser sends to anybody:
 *
 *     PAGE#v=1&argv=--vms&argv=2&argv=mini&rec=BASE64URL&vm=0&at=28951&view=trap
 *
 * `argv` has the words that pz debug would be given; a file among them is what the reader must drop
 * onto the page, but where `rec` has its bytes.
 */
#ifndef PZ_TOOLS_REPORT_LINK_H
#define PZ_TOOLS_REPORT_LINK_H

#include "tools/base/base.h"
#include "tools/host/host.h"

#define LINK_RECORDING (24u << 10) /* bytes of a recording that a link can hold */

/* The page: that of --page, or the one installed with pz. */
struct link_page {
    char address[1024]; /* "": there is none, and nothing is linked */
};
enum pz_err link_page_find(struct link_page *page, const struct options *options,
                           struct problem *problem) PZ_MUST_CHECK;

/* What is open in the page. */
struct link {
    char *begin;     /* of the address; NULL: nothing can be linked */
    char *recording; /* "rec=..." of it; NULL: it is not in the link */
};

/* A run of kernels, if the page can do the same: not with files besides the kernels. */
bool link_run(struct link *link, const struct link_page *page,
              const struct options *options) PZ_MUST_CHECK;

/*
 * A recording; `name` is what its file is called where the reader finds it. False: no memory, or
 * it cannot be read.
 */
bool link_recording(struct link *link, const struct link_page *page, const char *path,
                    const char *name) PZ_MUST_CHECK;
void link_free(struct link *link);

/*
 * Text that leads there. `whole`: with the recording's bytes, which are long; without them the
 * reader is asked for the file.
 */
struct link_place {
    unsigned vm;
    uint64_t at;
    const char *view;
    bool whole;
};
void link_text(FILE *out, const struct link *link, const struct link_place *place,
               const char *text);

/* A file's name as the page would call it: its last 80 characters, others than it has as "-". */
#define LINK_NAME 81u
void link_name(char name[LINK_NAME], const char *path);

#endif
