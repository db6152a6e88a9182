/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expect.h - what ck_assert() does, for loops of thousands: Check writes to a file at each
 * assertion that holds, these only call it for one that does not.
 */
#ifndef PZ_TESTS_SUPPORT_EXPECT_H
#define PZ_TESTS_SUPPORT_EXPECT_H

#include <check.h>

#define EXPECT(condition) ((condition) ? (void)0 : (void)ck_abort_msg("not so: %s", #condition))

/* Unsigned integers, as ck_assert_uint_eq(). */
#define EXPECT_EQ(one, other)                                                                  \
    do {                                                                                       \
        if ((one) != (other))                                                                  \
            ck_assert_uint_eq((one), (other));                                                 \
    } while (0)

#endif
