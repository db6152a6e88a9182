/* SPDX-License-Identifier: GPL-2.0-or-later */
/* few - 200 reads of a CSR: 200 exits. */
#define READS 200
#include "reads.inc"
