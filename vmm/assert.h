/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assert.h - assertions, for bugs of the monitor itself. No guest input may ever trip one.
 */
#ifndef PZ_VMM_ASSERT_H
#define PZ_VMM_ASSERT_H

#define ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())

#endif
