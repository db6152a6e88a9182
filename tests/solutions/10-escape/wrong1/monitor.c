/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.c - as in the solution.
 */
#include "../solution/monitor.c"
