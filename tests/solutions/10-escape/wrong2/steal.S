/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steal.S - as in the solution.
 */
#include "../solution/steal.S"
