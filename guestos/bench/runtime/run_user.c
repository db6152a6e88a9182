/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_user.c - guests whose workload is a user program: the first process runs it.
 */
#include "kernel.h"

void bench_start(uint32_t count)
{
    para_start();
    process_start(process_new(), count);
}
