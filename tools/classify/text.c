/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - names and lists shared by tables, documents and witnesses. */
#include <stdio.h>
#include <string.h>

#include "tools/classify/report.h"

static void append(char *text, const char *word, const char *separator)
{
    size_t used = strlen(text);

    snprintf(text + used, CLASSIFY_LIST - used, "%s%s", used ? separator : "", word);
}

const char *classify_witness_name(const struct classify_result *result, unsigned index,
                                  char name[CLASSIFY_WITNESS_NAME])
{
    const struct classify_witness *witness = &result->witnesses[index];

    snprintf(name, CLASSIFY_WITNESS_NAME, "%s/%s-%u", result->row->name,
             classify_kind_name((enum classify_kind)witness->kind),
             classify_witness_number(result, index));
    return name;
}

const char *classify_counter_name(const struct classify_result *result, unsigned theorem,
                                  char name[CLASSIFY_WITNESS_NAME])
{
    const struct classify_witness *witness = classify_counter_witness(result, theorem);

    if (!witness)
        return result->row->name;
    return classify_witness_name(result, (unsigned)(witness - result->witnesses), name);
}

const char *classify_theorem_text(unsigned theorem)
{
    static const char *const texts[] = {"", "a monitor exists", "it can run itself",
                                        "a hybrid monitor exists"};

    return texts[theorem];
}

const char *classify_side_name(bool assist, unsigned side)
{
    static const char *const names[][2] = {{"user", "supervisor"}, {"non-root", "root"}};

    return names[assist][side];
}

const char *classify_kinds_text(unsigned kinds, char text[CLASSIFY_LIST])
{
    text[0] = '\0';
    for (unsigned kind = 0; kind < CLASSIFY_KINDS; kind++)
        if (kinds & CLASSIFY_SENSITIVE & CLASSIFY_BIT(kind))
            append(text, classify_kind_name((enum classify_kind)kind), ", ");
    return text;
}

const char *classify_fields_text(classify_fields fields, char text[CLASSIFY_LIST])
{
    text[0] = '\0';
    for (unsigned field = 0; field < FIELDS; field++)
        if (fields >> field & 1)
            append(text, classify_field_name((enum classify_field)field), ", ");
    return text;
}

static const char *joined(const char *privilege, enum insn_sensitivity class,
                          char text[CLASSIFY_LIST])
{
    text[0] = '\0';
    append(text, privilege, ", ");
    append(text, classify_class_name(class), ", ");
    return text;
}

const char *classify_claim_text(const struct classify_row *row, char text[CLASSIFY_LIST])
{
    if (!row->exists)
        return "illegal";
    return joined(row->privilege == INSN_SUPER ? "privileged" : "unprivileged",
                  (enum insn_sensitivity)row->sensitivity, text);
}

const char *classify_found_text(const struct classify_result *result, char text[CLASSIFY_LIST])
{
    if (result->privilege == CLASSIFY_ILLEGAL)
        return "illegal";
    return joined(classify_privilege_name(result->privilege), classify_class(result), text);
}
