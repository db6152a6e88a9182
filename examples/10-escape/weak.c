/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * weak.c - monitor.c as it is handed out: what steal.S and tamper.S run under, whatever becomes of
 * yours.
 */
#include "monitor.c"
