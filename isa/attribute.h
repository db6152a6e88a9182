/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attribute.h - function attributes for the compiler, used in every layer. */
#ifndef PZ_ISA_ATTRIBUTE_H
#define PZ_ISA_ATTRIBUTE_H

/* The caller must check the result. */
#define PZ_MUST_CHECK __attribute__((warn_unused_result))

/* Always inlined, whatever the compiler thinks of its size. */
#define PZ_IN_LINE inline __attribute__((always_inline))

#endif
