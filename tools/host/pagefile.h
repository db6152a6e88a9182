/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pagefile.h - the file that guests' pages go to when --machine-memory is short (vmm/paging.h): it
 * has a place for each page of each VM, no name, and holes where nothing was ever written.
 */
#ifndef PZ_TOOLS_HOST_PAGEFILE_H
#define PZ_TOOLS_HOST_PAGEFILE_H

#include "tools/base/base.h"
#include "vmm/vmm.h"

struct pagefile {
    int fd;               /* -1: not open */
    const uint8_t *bytes; /* all of it, to be read */
    uint64_t vm_size;     /* of each VM's part */
    uint64_t size;
    bool failed; /* that it could not be written was said */
};

/*
 * For `vms` VMs with `ram` bytes each, in $TMPDIR, or /var/tmp. Must not move. To be closed
 * whatever comes back; all zero is closed.
 */
enum pz_err pagefile_open(struct pagefile *file, unsigned vms, uint64_t ram,
                          struct problem *problem) PZ_MUST_CHECK;
void pagefile_close(struct pagefile *file);

/* What the monitor is given. */
struct paging_store pagefile_store(struct pagefile *file);

#endif
