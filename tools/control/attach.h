/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach.h - this terminal at the console of a VM of another pz. */
#ifndef PZ_TOOLS_CONTROL_ATTACH_H
#define PZ_TOOLS_CONTROL_ATTACH_H

#include "tools/base/base.h"

/*
 * Connect the terminal to a console until the VM ends, the connection breaks, or Ctrl-A x is typed:
 * show the bytes from `fd`, and send typed bytes, or standard input, there. `typed`: the guest
 * takes input.
 */
enum pz_err attach(int fd, bool typed, struct problem *problem) PZ_MUST_CHECK;

#endif
