/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.S - as in the solution.
 */
#include "../solution/print.S"
