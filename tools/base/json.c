/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.c - helpers on top of Jansson that all documents share. */
#include "tools/base/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/output.h"
#include "tools/base/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

json_t *json_document(const char *schema)
{
    json_t *document = json_object();

    json_put_text(document, "schema", schema);
    json_put_text(document, "pz", PZ_VERSION);
    return document;
}

void json_put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

void json_put_text(json_t *object, const char *key, const char *text)
{
    json_put(object, key, json_bytes(text, strlen(text)));
}

void json_put_number(json_t *object, const char *key, uint64_t number)
{
    json_put(object, key, json_integer((json_int_t)number));
}

json_t *json_bytes(const char *bytes, size_t len)
{
    char *clean = malloc(3 * len + 1);
    size_t used = 0;
    json_t *string;

    if (!clean)
        return NULL;
    for (size_t i = 0; i < len;) {
        unsigned size = text_character((const uint8_t *)bytes + i, len - i);
        const char *from = size ? bytes + i : REPLACEMENT;
        unsigned count = size ? size : 3;

        memcpy(clean + used, from, count);
        used += count;
        i += size ? size : 1;
    }
    string = json_stringn(clean, used);
    free(clean);
    return string;
}

bool json_write(json_t *document, FILE *out)
{
    bool written;

    if (!document)
        return false;
    errno = 0;
    written = !json_dumpf(document, out, JSON_INDENT(2)) && fputc('\n', out) != EOF;
    if (!written && ferror(out) && out == stdout)
        output_failed(errno);
    json_decref(document);
    return written || ferror(out);
}

enum pz_err json_print(json_t *document, struct problem *problem)
{
    if (!json_write(document, stdout))
        return problem_memory(problem, "the JSON document");
    return output_flush(problem);
}
