/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * locals.c - local variables, found by debug information (types.h) and the registers of the
 * selected frame. A name becomes an address or a number at once, so it has a meaning in this frame
 * only.
 */
#include "tools/debug/locals.h"

#include <inttypes.h>
#include <string.h>

#include "tools/debug/source.h"
#include "tools/debug/stack.h"
#include "tools/debug/typed.h"

/* Cut to the variable's type: a register has more bits than a char. */
static uint64_t as_typed(const struct types *types, struct types_type type, uint32_t value)
{
    unsigned unused = 64 - 8 * types_size(types, type);

    return types_is_signed(types, type)
               ? (uint64_t)((int64_t)((uint64_t)value << unused) >> unused)
               : (uint64_t)value << unused >> unused;
}

/* The address of a local variable, or its value. */
static enum pz_err find(const struct debug *debug, const struct debug_frame *frame,
                        const struct types_local *local, struct debug_local *found,
                        struct problem *problem)
{
    const struct types *types = debug_source_types(debug, debug_self(debug));
    const char *name = types->names + local->name;
    bool by_register = local->where == TYPES_IN_REGISTER || local->where == TYPES_AT_REGISTER ||
                       local->where == TYPES_IS_SUM;
    struct types_type type = {local->type, 0};
    uint32_t base = 0;

    *found = (struct debug_local){.type = type};
    found->place = local->where >= TYPES_AT_REGISTER && local->where <= TYPES_AT_ADDRESS;
    if (!local->where || (!found->place && (!types_is_scalar(types, type) ||
                                            types_size(types, type) > sizeof frame->x[0])))
        return problem_set(problem, PZ_FAILED, "%.80s has no value here: it is optimized out",
                           name);
    if (by_register && !(frame->known >> local->reg & 1))
        return problem_set(problem, PZ_FAILED,
                           "%.80s is in %s, which is not known of this frame", name,
                           format_reg(local->reg));
    if (local->where == TYPES_AT_CFA && !debug_frame_cfa(debug, frame, &base))
        return problem_set(problem, PZ_FAILED,
                           "%.80s is on the stack, but where this frame is is not known", name);
    if (by_register)
        base = frame->x[local->reg];
    found->value = base + (uint32_t)local->offset;
    if (!found->place)
        found->value = as_typed(types, type, (uint32_t)found->value);
    return PZ_OK;
}

/* Only in the kernel's code: types of programs are not read. */
static bool has_locals(struct debug *debug, struct debug_frame *frame)
{
    return debug_frame_find(debug, debug->frame, frame) && frame->mode == HART_SUPERVISOR &&
           !debug_source_types(debug, debug_self(debug))->missing;
}

static enum pz_err look_up(void *owner, const char *name, size_t len, struct debug_local *found,
                           bool *known, struct problem *problem)
{
    struct debug *debug = owner;
    const struct types_local *local = NULL;
    struct debug_frame frame;

    if (has_locals(debug, &frame))
        local =
            types_local(debug_source_types(debug, debug_self(debug)), name, len, frame.place);
    *known = local;
    return local ? find(debug, &frame, local, found, problem) : PZ_OK;
}

struct debug_names debug_names_here(struct debug *debug)
{
    struct debug_names names = debug_source_names(debug);

    names.local = look_up;
    return names;
}

static void say_local(struct debug *debug, const struct debug_frame *frame,
                      const struct types_local *local, json_t *rows)
{
    const char *name = debug_source_types(debug, debug_self(debug))->names + local->name;
    json_t *row = json_object();
    struct debug_local found;
    struct problem problem;

    json_put_text(row, "name", name);
    fprintf(debug->out, "%s = ", name);
    if (find(debug, frame, local, &found, &problem)) {
        fprintf(debug->out, "(%s)\n", local->where ? "not known here" : "optimized out");
    } else {
        debug_say_typed(debug, &found);
        json_put_number(row, found.place ? "address" : "value", found.value);
    }
    (void)json_array_append_new(rows, row);
}

enum pz_err debug_info_locals(struct debug *debug, struct problem *problem)
{
    const struct types *types = debug_source_types(debug, debug_self(debug));
    const struct types_local *local = NULL;
    struct debug_frame frame;
    json_t *rows;

    if (types->missing)
        return problem_set(problem, PZ_FAILED, "no local variables are known: %s",
                           types->missing);
    if (!has_locals(debug, &frame))
        return problem_set(problem, PZ_FAILED,
                           "local variables are known of the kernel's code only");
    rows = json_array();
    while ((local = types_local_next(types, frame.place, local)))
        say_local(debug, &frame, local, rows);
    json_put(debug->data, "locals", rows);
    return PZ_OK;
}
