/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core_portme.c - the port's functions that are the same on the host and on PZ32. The seeds are
 * those of a performance run.
 */
#include "coremark.h"
#include "port.h"

volatile ee_s32 seed1_volatile = 0;
volatile ee_s32 seed2_volatile = 0;
volatile ee_s32 seed3_volatile = 0x66;
volatile ee_s32 seed4_volatile; /* iterations */
volatile ee_s32 seed5_volatile = 0;
ee_u32 default_num_contexts = 1;

void port_run(uint32_t iterations)
{
    seed4_volatile = (ee_s32)iterations;
    (void)coremark_main();
}

void portable_init(core_portable *port, int *argc, char *argv[])
{
    port->unused = 0;
    (void)argc, (void)argv;
}

void portable_fini(core_portable *port)
{
    (void)port;
}

CORE_TICKS get_time(void)
{
    return 0;
}

secs_ret time_in_secs(CORE_TICKS ticks)
{
    return ticks;
}
