/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal_reboot - as journal, but after each number the machine restarts: what is on the disk is all
 * that is left of it.
 */
#define RESTARTS
#include "journal.S"
