/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pz.c - only main(), so that tests can link everything else, and the source revision. */
#include <revision.h> /* made by cmake/Revision.cmake */

#include "tools/main.h"

int main(int argc, char **argv)
{
    return pz_main(argc, argv, PZ_REVISION, PZ_DATE);
}
