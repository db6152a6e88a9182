/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot.h - machines in files.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_SNAPSHOT_SNAPSHOT_H
#define PZ_TOOLS_SNAPSHOT_SNAPSHOT_H

#include "tools/snapshot/file.h"

#endif
