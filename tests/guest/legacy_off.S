/* SPDX-License-Identifier: GPL-2.0-or-later */
/* legacy_off - the legacy shutdown call. */
#include "guest.inc"

main:
    SBI 8, 0
    j fail
