/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attribute.h - what the compiler is told of functions, in every layer. */
#ifndef PZ_ISA_ATTRIBUTE_H
#define PZ_ISA_ATTRIBUTE_H

/* A result that the caller must look at. */
#define PZ_MUST_CHECK __attribute__((warn_unused_result))

/* Part of its caller, whatever the compiler thinks of its size. */
#define PZ_IN_LINE inline __attribute__((always_inline))

#endif
