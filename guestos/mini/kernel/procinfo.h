/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * procinfo.h - what others may know of a process.
 */
#ifndef MINI_PROCINFO_H
#define MINI_PROCINFO_H

#include <stdint.h>

#include "common/abi.h"

/* The process in a slot of the table: 0; -ENOENT for an unused one, -EINVAL beyond the last. */
int procinfo_get(uint32_t slot, struct procinfo *info);

#endif
