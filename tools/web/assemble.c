/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assemble.c - a source text becomes a stored ELF file, or a list of mistakes. */
#include <stdlib.h>
#include <string.h>

#include "tools/asm/asm.h"
#include "tools/web/state.h"

static char *include(void *owner, const char *name)
{
    const struct web_session *session = owner;

    return asm_find_include(session->host->folder, name);
}

static json_t *mistakes(const struct asm_output *output)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < output->count; i++) {
        const struct asm_diagnostic *d = &output->diagnostics[i];
        json_t *row = json_object();

        json_put(row, "file", json_bytes(d->file, strlen(d->file)));
        json_put_number(row, "line", d->line);
        json_put_number(row, "column", d->column);
        json_put(row, "text", json_bytes(d->text, strlen(d->text)));
        (void)json_array_append_new(list, row);
    }
    return list;
}

/* "x.elf" of "x.S". */
static void name_of(const char *source, char name[ASM_NAME])
{
    const char *dot = strrchr(source, '.');
    size_t len = dot ? (size_t)(dot - source) : strlen(source);

    (void)!snprintf(name, ASM_NAME, "%.*s.elf", len < ASM_NAME - 5 ? (int)len : 0, source);
}

static enum pz_err put_program(struct web_session *session, const char *source,
                               const struct asm_output *output, json_t *answer,
                               struct problem *problem)
{
    char name[ASM_NAME], *text;
    enum pz_err err;

    name_of(source, name);
    err = web_file_put(session, name, output->elf, output->len, problem);
    if (err)
        return err;
    text = base64_encode(output->elf, output->len);
    json_put_text(answer, "file", name);
    json_put_text(answer, "base64", text ? text : "");
    free(text);
    return PZ_OK;
}

enum pz_err web_assemble(struct web_session *session, const json_t *request, json_t *answer,
                         struct problem *problem)
{
    const char *source = web_text(request, "source", problem);
    const char *name = json_string_value(json_object_get(request, "name"));
    struct asm_input input = {.name = name ? name : "program.S",
                              .text = source,
                              .include = include,
                              .owner = session};
    struct asm_output *output;
    uint64_t base;
    enum pz_err err = PZ_OK;

    if (!source || !web_number(request, "base", UINT32_MAX, 0, &base, problem))
        return PZ_USAGE;
    if (!web_file_name(input.name))
        return problem_set(problem, PZ_USAGE, "'name' is not a valid file name");
    input.base = (uint32_t)base;
    output = calloc(1, sizeof *output);
    if (!output || !asm_assemble(&input, output)) {
        free(output);
        return problem_memory(problem, "the program");
    }
    json_put(answer, "diagnostics", mistakes(output));
    if (output->elf)
        err = put_program(session, input.name, output, answer, problem);
    free(output->elf);
    free(output);
    return err;
}
