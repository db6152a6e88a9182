/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attribute.h - compiler attributes, and switches for optional code. Used in every layer.
 */
#ifndef PZ_ISA_ATTRIBUTE_H
#define PZ_ISA_ATTRIBUTE_H

/* The caller must check the result. */
#define PZ_MUST_CHECK __attribute__((warn_unused_result))

/* Always inlined, whatever the compiler thinks of its size. */
#define PZ_IN_LINE inline __attribute__((always_inline))

/* Text for people only. A program that does not show it is compiled with PZ_NAMES=0. */
#ifndef PZ_NAMES
#define PZ_NAMES 1
#endif
#define PZ_NAME(text) (PZ_NAMES ? (text) : "")

/* Is this file compiled for size? Then it has no duplicate code for speed. */
#ifdef __OPTIMIZE_SIZE__
#define PZ_SMALL 1
#define PZ_IN_LINE_IF_FAST inline
#define PZ_APART_IF_FAST
#else
#define PZ_SMALL 0
#define PZ_IN_LINE_IF_FAST PZ_IN_LINE
#define PZ_APART_IF_FAST __attribute__((noinline))
#endif

#endif
