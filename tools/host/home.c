/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home.c - see home.h. */
#include "tools/host/home.h"

#include <stdlib.h>

const char *home_directory(void)
{
    const char *home = getenv("PZ_HOME");

    return home && home[0] ? home : PZ_HOME;
}
