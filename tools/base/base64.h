/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base64.h - bytes as text in JSON (RFC 4648, section 4). */
#ifndef PZ_TOOLS_BASE_BASE64_H
#define PZ_TOOLS_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/attribute.h"

/* To be freed; NULL: no memory. */
char *base64_encode(const uint8_t *bytes, size_t len);

/*
 * To be freed; NULL: it is not base64, or no memory. Only the one right way to write the bytes is
 * taken: padded, and without blanks.
 */
uint8_t *base64_decode(const char *text, size_t *len);

#endif
