/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attribute.h - function attributes for the compiler, used in every layer. */
#ifndef PZ_ISA_ATTRIBUTE_H
#define PZ_ISA_ATTRIBUTE_H

/* The caller must check the result. */
#define PZ_MUST_CHECK __attribute__((warn_unused_result))

/* Always inlined, whatever the compiler thinks of its size. */
#define PZ_IN_LINE inline __attribute__((always_inline))

/* Is this file compiled to be small? Then nothing is in it twice in order to be fast. */
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
