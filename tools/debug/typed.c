/* SPDX-License-Identifier: GPL-2.0-or-later */
/* typed.c - reads the value of an expression that has a C type, and prints it by types.h. */
#include "tools/debug/typed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/arguments.h"
#include "tools/debug/memory.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"

/* What a view's callbacks need. */
struct eyes {
    const struct debug *debug;
    char name[DEBUG_NAME];
};

static bool read_memory(void *owner, uint32_t address, void *to, uint32_t len)
{
    const struct debug *debug = ((struct eyes *)owner)->debug;

    return debug_read(debug, debug_hart(debug)->satp, address, to, len);
}

static const char *name_code(void *owner, uint32_t address)
{
    struct eyes *eyes = owner;

    return debug_name(eyes->debug, debug_self(eyes->debug), HART_SUPERVISOR, address,
                      eyes->name);
}

bool debug_typed(const struct debug *debug, struct debug_expr *expr)
{
    struct debug_operand *operand = &expr->operand;
    const struct symbol *symbol = operand->symbol;
    const struct types *types;

    if (operand->typed)
        return true;
    if (!symbol)
        return false;
    types = debug_source_types(debug, debug_self(debug));
    if (types->missing || !types_variable(types, symbol->name, strlen(symbol->name),
                                          symbol->address, &operand->type))
        return false;
    operand->typed = operand->place = true;
    return true;
}

/* A scalar in a register or in memory: the value of the expression. */
static enum pz_err print_scalar(struct debug *debug, const struct debug_expr *expr,
                                const struct types *types, const struct types_view *view,
                                struct problem *problem)
{
    uint64_t value = 0;
    enum pz_err err = debug_value(debug, expr, &value, problem);

    if (err)
        return err;
    types_print_value(types, debug->out, expr->operand.type, value, view);
    json_put_number(debug->data, "value", value);
    return PZ_OK;
}

/* The value of a scalar variable, as it is in memory. */
static void put_value(struct debug *debug, const struct types *types, struct types_type type,
                      uint32_t address, const struct types_view *view)
{
    uint64_t value = 0;

    if (types_is_scalar(types, type) &&
        view->read(view->owner, address, &value, types_size(types, type)))
        json_put_number(debug->data, "value", value);
}

static enum pz_err print_place(struct debug *debug, const struct debug_expr *expr,
                               const struct types *types, const struct types_view *view,
                               struct problem *problem)
{
    struct debug_expr place = *expr;
    uint64_t address = 0;
    uint8_t byte;
    enum pz_err err;

    place.count = expr->place_count;
    err = debug_value(debug, &place, &address, problem);
    if (err)
        return err;
    if (types_size(types, expr->operand.type) &&
        !view->read(view->owner, (uint32_t)address, &byte, 1))
        return problem_set(problem, PZ_FAILED, "0x%08" PRIx32 " is not mapped, or not to RAM",
                           (uint32_t)address);
    types_print(types, debug->out, expr->operand.type, (uint32_t)address, view);
    put_value(debug, types, expr->operand.type, (uint32_t)address, view);
    json_put_number(debug->data, "address", (uint32_t)address);
    return PZ_OK;
}

static void put_type(struct debug *debug, const struct types *types, struct types_type type)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return;
    types_print_type(types, out, type);
    fclose(out);
    fprintf(debug->out, "  (%s)\n", text ? text : "");
    json_put_text(debug->data, "type", text ? text : "");
    free(text);
}

void debug_say_typed(struct debug *debug, const struct debug_local *local)
{
    const struct types *types = debug_source_types(debug, debug_self(debug));
    struct eyes eyes = {.debug = debug};
    struct types_view view = {read_memory, name_code, &eyes};

    if (local->place)
        types_print(types, debug->out, local->type, (uint32_t)local->value, &view);
    else
        types_print_value(types, debug->out, local->type, local->value, &view);
    fputc('\n', debug->out);
}

enum pz_err debug_print_typed(struct debug *debug, const struct debug_expr *expr,
                              struct problem *problem)
{
    const struct types *types = debug_source_types(debug, debug_self(debug));
    struct types_type type = expr->operand.type;
    struct eyes eyes = {.debug = debug};
    struct types_view view = {read_memory, name_code, &eyes};
    bool variable = expr->operand.symbol; /* the expression's value is then its address */
    bool scalar = types_is_scalar(types, type) && !variable;
    enum pz_err err = scalar || !expr->operand.place
                          ? print_scalar(debug, expr, types, &view, problem)
                          : print_place(debug, expr, types, &view, problem);

    if (!err)
        put_type(debug, types, type);
    return err;
}
