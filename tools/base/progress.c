/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.c - what is static here is so because the terminal has one last line. */
#include "tools/base/progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "tools/base/terminal.h"

static bool shown;

void progress_show(const char *format, ...)
{
    unsigned width = terminal_width(STDERR_FILENO);
    char line[160];
    va_list values;

    if (!terminal_wipes(STDERR_FILENO) || width < 2)
        return;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    /* The last column stays free: some terminals go to the next line with it. */
    fprintf(stderr, "\r\033[K%.*s", (int)width - 1, line);
    shown = true;
}

void progress_end(void)
{
    if (shown)
        fputs("\r\033[K", stderr);
    shown = false;
}
