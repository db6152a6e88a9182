/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * markup.h - text in HTML and XML. Whatever the bytes are, what comes out is text and nothing else:
 * UTF-8 of characters that both formats allow, which neither end an element or an attribute nor
 * change the direction of what surrounds them.
 */
#ifndef PZ_TOOLS_BASE_MARKUP_H
#define PZ_TOOLS_BASE_MARKUP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Between tags, or in a quoted attribute. Control characters become their pictures (U+2400 and
 * following), what is no character U+FFFD; lines end with a newline, whatever they ended with.
 */
void markup_bytes(FILE *out, const char *bytes, size_t len);
void markup_text(FILE *out, const char *text);

/* The value of a parameter in the address of a page: all but letters, digits, "-._~" as "%41". */
void markup_percent(FILE *out, const char *text);

/* Bytes as base64url (RFC 4648, section 5) without padding. */
void markup_base64url(FILE *out, const uint8_t *bytes, size_t len);

#endif
