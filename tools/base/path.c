/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.c - see path.h. */
#include "tools/base/path.h"

#include <stdarg.h>
#include <stdio.h>

void path_format(char *path, size_t room, const char *format, ...)
{
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vsnprintf(path, room, format, arguments);
    va_end(arguments);
    if (len < 0 || (size_t)len >= room)
        path[0] = '\0';
}
