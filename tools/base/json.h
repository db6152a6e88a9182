/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - the documents behind --json, as docs/json.md describes them. Each begins with its
 * schema's name and version; fields may be added within a version, never changed or removed.
 */
#ifndef PZ_TOOLS_BASE_JSON_H
#define PZ_TOOLS_BASE_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "tools/base/problem.h"

/* A new document. Building on NULL gives NULL, so that one check at the end is enough. */
json_t *json_document(const char *schema);

/* Guests may print any bytes: what is not UTF-8 becomes U+FFFD. */
json_t *json_bytes(const char *bytes, size_t len);

/* Add to an object; the value's reference is taken over, also on failure. */
void json_put(json_t *object, const char *key, json_t *value);
void json_put_text(json_t *object, const char *key, const char *text);
void json_put_number(json_t *object, const char *key, uint64_t number);

/*
 * Print to a file, and give up the document. False: there was no memory for it; a file that does
 * not take it has its ferror().
 */
bool json_write(json_t *document, FILE *out);

/* Print on stdout, and give up the document. */
enum pz_err json_print(json_t *document, struct problem *problem) PZ_MUST_CHECK;

#endif
