/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dtb_file.h - a device tree that the user has brought: it is taken as it is, but for what /chosen
 * says of this boot. Our own is dtb.h's.
 */
#ifndef PZ_TOOLS_HOST_DTB_FILE_H
#define PZ_TOOLS_HOST_DTB_FILE_H

#include "tools/host/dtb.h"

/*
 * Read and check a flattened device tree. Boot arguments, if there are any, and the initial RAM
 * disk of `config` are put into it. To be freed by the caller.
 */
enum pz_err dtb_file(const char *path, const struct dtb_config *config, uint8_t **tree,
                     size_t *len, struct problem *problem) PZ_MUST_CHECK;

#endif
