/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pack.h - VMs as an archive (vmm/type1/archive.h): what machine_open() would load into memory, put
 * into a file instead.
 */
#ifndef PZ_TOOLS_TYPE1_PACK_H
#define PZ_TOOLS_TYPE1_PACK_H

#include "tools/host/host.h"

/* All VMs of the options. The bytes are to be freed with file_free(), whatever the result. */
enum pz_err pack_vms(const struct options *options, struct file *archive,
                     struct problem *problem) PZ_MUST_CHECK;

#endif
