/* SPDX-License-Identifier: GPL-2.0-or-later */
/* array - the array itself is not in RAM, not all of it, or above 4 GiB. */
#include "batch.inc"

main:
    BEGIN
    CALL 1, INVALID_ADDRESS, 0, RAM_SIZE
    CALL 1, INVALID_ADDRESS, 0, ARRAY, 1
    CALL 2, INVALID_ADDRESS, 0, RAM_SIZE - 24
    CALL 1, INVALID_ADDRESS, 0, UART
    lw t0, 0(s1)
    IS(t0, 1)
    j pass
