/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map.S - as in the solution.
 */
#include "../solution/map.S"
