/* SPDX-License-Identifier: GPL-2.0-or-later */
/* halt.c - halt [1]: switches the computer off; with 1, as failed. */
#include "user.h"

int main(int argc, char **argv)
{
    int error = poweroff((int)number_argument(argc, argv, 0));

    dprintf(2, "halt: %s\n", error_text(error));
    return 1;
}
