/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.h - memory of zeros, which is not touched for that where it is new. */
#ifndef PZ_TOOLS_WEB_WASM_MEMORY_H
#define PZ_TOOLS_WEB_WASM_MEMORY_H

#include <stddef.h>

/* To be freed with free(). NULL: there is none. */
void *memory_zeros(size_t align, size_t len);

#endif
