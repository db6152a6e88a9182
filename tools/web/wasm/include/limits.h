/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limits.h - the C library's, but for the size of a page: it means WebAssembly's, pz the guests'
 * (isa/phys.h).
 */
#ifndef PZ_WASM_LIMITS_H
#define PZ_WASM_LIMITS_H

#pragma push_macro("PAGE_SIZE")
#undef PAGE_SIZE
#include_next <limits.h>
#undef PAGE_SIZE
#pragma pop_macro("PAGE_SIZE")

#endif
