/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nullcall.c - nullcall [N]: what a call costs that does nothing: getpid, N times. */
#include "user.h"

enum { DEFAULT_CALLS = 20000 };

int main(int argc, char **argv)
{
    uint32_t n = number_argument(argc, argv, DEFAULT_CALLS);
    int me = getpid();
    uint32_t wrong = 0;

    measure_start();
    for (uint32_t i = 0; i < n; i++)
        wrong += getpid() != me;
    if (n > 0)
        measure_report("nullcall", n);
    return wrong != 0;
}
