/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xxhash.c - the host's xxhash.h has all of the library in it: here it is. */
#define XXH_STATIC_LINKING_ONLY
#define XXH_IMPLEMENTATION
#include <xxhash.h>
