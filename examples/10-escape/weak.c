/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * weak.c - monitor.c as handed out: steal.S and tamper.S are graded under it, whatever the
 * student's own has become.
 */
#include "monitor.c"
