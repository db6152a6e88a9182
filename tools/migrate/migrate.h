/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * migrate.h - machines that move, running, from one process to another.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_MIGRATE_MIGRATE_H
#define PZ_TOOLS_MIGRATE_MIGRATE_H

#include "tools/migrate/source.h"
#include "tools/migrate/target.h"

#endif
