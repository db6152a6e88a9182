/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unicorn_error.h - why the engine `unicorn` could not be made. */
#ifndef PZ_ISA_ENGINE_UNICORN_ERROR_H
#define PZ_ISA_ENGINE_UNICORN_ERROR_H

enum unicorn_error {
    UNICORN_OK,
    UNICORN_BAD_RAM, /* `ram` or `size` is not page-aligned, or `size` is 0 or over the limit */
    UNICORN_NO_MEMORY,       /* the host is out of memory */
    UNICORN_REFUSED,         /* the library failed to set up its CPU */
    UNICORN_MISSING_LIBRARY, /* there is none, or it lacks what is needed */
};

#endif
