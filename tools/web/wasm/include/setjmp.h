/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setjmp.h - the C library has none. Jumps out of a check are for parts that end in a process of
 * their own, and there is none here (sandbox.c).
 */
#ifndef PZ_WASM_SETJMP_H
#define PZ_WASM_SETJMP_H

#include <stdlib.h>

typedef int jmp_buf[1];

#define setjmp(place) ((void)(place), 0)
#define longjmp(place, value) ((void)(place), (void)(value), abort())

#endif
