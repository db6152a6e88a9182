/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.c - CoreMark as a program of the host: NAME ITERATIONS.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "coremark.h"
#include "port.h"

int ee_printf(const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vprintf(format, args);
    va_end(args);
    return length;
}

void start_time(void)
{
}

void stop_time(void)
{
}

#undef main
int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    port_run((uint32_t)strtoul(argv[1], NULL, 10));
    return 0;
}
