/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tamper.S - as in the solution.
 */
#include "../solution/tamper.S"
