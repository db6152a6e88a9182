/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.h - the end of a process, and its parent's wait for it.
 */
#ifndef MINI_EXIT_H
#define MINI_EXIT_H

#include <stdint.h>

/* The current process ends with this status (STATUS_ in abi.h). */
_Noreturn void exit_process(int status);

/* Before user code runs: does not return if somebody has killed us. */
void exit_if_killed(void);

/*
 * Wait for a child to end: its pid, with its status at status_va unless that is 0; 0 with
 * WAIT_NOHANG if none has; -ECHILD, -EFAULT, -EINTR.
 */
int exit_wait(uint32_t status_va, uint32_t flags);

#endif
