/* SPDX-License-Identifier: GPL-2.0-or-later */
/* break.S - right. */
#include "../solution/break.S"
