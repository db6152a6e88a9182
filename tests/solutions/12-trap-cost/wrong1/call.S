/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.S - as in the solution.
 */
#include "../solution/call.S"
