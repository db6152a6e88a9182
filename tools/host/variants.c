/* SPDX-License-Identifier: GPL-2.0-or-later */
/* variants.c - names of broken instruction sets, read and written. */
#include "tools/host/variants.h"

#include <string.h>

#include "tools/base/base.h"

static enum pz_err add_one(const char *what, const char *name, uint32_t *set,
                           struct problem *problem)
{
    const char *names[VARIANT_COUNT];
    char hint[NEAREST_HINT];

    for (unsigned i = 0; i < VARIANT_COUNT; i++) {
        names[i] = variant_desc((enum variant_id)i)->name;
        if (!strcmp(name, names[i])) {
            *set |= 1u << i;
            return PZ_OK;
        }
    }
    return problem_set(problem, PZ_USAGE,
                       "%s: there is no variant '%s'%s (--variant list shows all)", what, name,
                       nearest_hint(nearest_name(name, names, VARIANT_COUNT), hint));
}

enum pz_err variants_parse(const char *what, const char *list, uint32_t *set,
                           struct problem *problem)
{
    enum pz_err err = PZ_OK;
    char name[64];

    *set = 0;
    while (!err && parse_part(&list, name, sizeof name))
        err = add_one(what, name, set, problem);
    return err;
}

const char *variants_text(uint32_t set, char text[VARIANTS_TEXT])
{
    size_t len = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < VARIANT_COUNT; i++)
        if (set >> i & 1)
            len += (size_t)snprintf(text + len, VARIANTS_TEXT - len, "%s%s", len ? "," : "",
                                    variant_desc((enum variant_id)i)->name);
    return text;
}

static enum pz_err print_document(struct problem *problem)
{
    json_t *document = json_document("pz-variants/1"), *array = json_array();

    for (unsigned i = 0; i < VARIANT_COUNT; i++) {
        const struct variant_desc *desc = variant_desc((enum variant_id)i);
        json_t *object = json_object();

        json_put_text(object, "name", desc->name);
        json_put_text(object, "precedent", desc->precedent);
        json_put_text(object, "meaning", desc->meaning);
        json_array_append_new(array, object);
    }
    json_put(document, "variants", array);
    return json_print(document, problem);
}

enum pz_err variants_print(bool json, struct problem *problem)
{
    struct table table;

    if (json)
        return print_document(problem);

    table_init(&table, "lll");
    table_add(&table, "variant\tas in\twhat is changed");
    for (unsigned i = 0; i < VARIANT_COUNT; i++) {
        const struct variant_desc *desc = variant_desc((enum variant_id)i);

        table_add(&table, "%s\t%s\t%s", desc->name, desc->precedent, desc->meaning);
    }
    table_print(&table, stdout, 0, 0);
    return PZ_OK;
}
