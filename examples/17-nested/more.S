/* SPDX-License-Identifier: GPL-2.0-or-later */
/* more - as few.S, but 1000 reads more. */
#define READS 1200
#include "reads.inc"
