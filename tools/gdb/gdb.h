/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gdb.h - gdb's remote protocol, spoken for a debugger's machine.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_GDB_GDB_H
#define PZ_TOOLS_GDB_GDB_H

#include "tools/gdb/server.h"

#endif
