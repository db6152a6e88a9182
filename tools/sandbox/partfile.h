/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partfile.h - parts of the monitor (vmm/parts.def) from a shared object, in place of its own.
 * Loading one runs its code: whose it is, and in which process, is for callers to know.
 */
#ifndef PZ_TOOLS_SANDBOX_PARTFILE_H
#define PZ_TOOLS_SANDBOX_PARTFILE_H

#include "tools/base/base.h"
#include "vmm/parts.h"

struct partfile {
    void *handle;
    struct vmm_parts parts; /* the monitor's own, but for those that the file has */
    unsigned found;
};

/* To be closed whatever comes back. A file without any part is refused. */
enum pz_err partfile_open(struct partfile *file, const char *path,
                          struct problem *problem) PZ_MUST_CHECK;
void partfile_close(struct partfile *file);

/* Has the file got a part of this name? */
bool partfile_has(const struct partfile *file, const char *name);

/* Those that it has, a bit for each row of parts.def, the first one's the lowest. */
uint64_t partfile_parts(const struct partfile *file);

#endif
