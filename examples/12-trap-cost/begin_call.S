/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * begin_call - call.S as it is handed out: what the answers are about, whatever becomes of yours.
 */
#include "call.S"
