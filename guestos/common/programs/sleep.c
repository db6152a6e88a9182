/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sleep.c - sleep SECONDS. */
#include "user.h"

int main(int argc, char **argv)
{
    uint32_t seconds = number_argument(argc, argv, 1);

    return seconds > UINT32_MAX / 1000 ? 2 : sleep(seconds * 1000) < 0;
}
