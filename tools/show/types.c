/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types.c - has another process read a program's types, checks them, and looks them up. What comes
 * from there may be anything: chains of types are followed a bounded number of steps.
 */
#include "tools/show/types.h"

#include <stdlib.h>
#include <string.h>

#include "tools/show/apart.h"
#include "tools/show/lines.h"

#define CHAIN_MOST 32u /* typedefs of typedefs, arrays of arrays */
#define WITHIN_MOST 8u /* structures without a name in each other */
#define POINTER_BYTES 4u

/* ---- Receiving ---- */

/* Every number is within its table, and every name ends. */
static bool is_sound(const struct types *types)
{
    uint32_t bytes = types->name_bytes;

    if (!bytes || types->names[0] || types->names[bytes - 1] || !types->row_count)
        return false;
    for (uint32_t i = 0; i < types->row_count; i++) {
        const struct types_row *row = &types->rows[i];

        if (row->kind >= TYPES_KINDS || row->name >= bytes || row->ref >= types->row_count ||
            (row->kind != TYPES_ARRAY && (row->first > types->member_count ||
                                          row->count > types->member_count - row->first)))
            return false;
    }
    for (uint32_t i = 0; i < types->member_count; i++)
        if (types->members[i].name >= bytes || types->members[i].type >= types->row_count ||
            types->members[i].bits > 64 || types->members[i].bit_at > 7)
            return false;
    for (uint32_t i = 0; i < types->variable_count; i++)
        if (types->variables[i].name >= bytes || types->variables[i].type >= types->row_count)
            return false;
    for (uint32_t i = 0; i < types->local_count; i++)
        if (types->locals[i].name >= bytes || types->locals[i].type >= types->row_count ||
            types->locals[i].where >= TYPES_WHERES || types->locals[i].reg > 31)
            return false;
    return true;
}

/* Names are shown at terminals. */
static void make_printable(struct types *types)
{
    for (uint32_t i = 0; i < types->name_bytes; i++)
        if (types->names[i] && (types->names[i] < ' ' || types->names[i] > '~'))
            types->names[i] = '?';
}

static bool receive(void *owner, int from)
{
    struct types *types = owner;
    struct types_head head;

    if (!apart_take(from, &head, sizeof head) || head.magic != TYPES_MAGIC ||
        head.rows > TYPES_ROWS_MOST || head.members > TYPES_MEMBERS_MOST ||
        head.variables > TYPES_VARIABLES_MOST || head.locals > TYPES_LOCALS_MOST ||
        head.names > TYPES_NAMES_MOST)
        return false;
    types->rows = apart_take_table(from, head.rows, sizeof *types->rows);
    if (types->rows)
        types->members = apart_take_table(from, head.members, sizeof *types->members);
    if (types->members)
        types->variables = apart_take_table(from, head.variables, sizeof *types->variables);
    if (types->variables)
        types->locals = apart_take_table(from, head.locals, sizeof *types->locals);
    if (types->locals)
        types->names = apart_take_table(from, head.names, 1);
    types->row_count = head.rows;
    types->member_count = head.members;
    types->variable_count = head.variables;
    types->local_count = head.locals;
    types->name_bytes = head.names;
    return types->names && is_sound(types);
}

void types_load(struct types *types, const uint8_t *bytes, size_t len)
{
    *types = (struct types){.missing = lines_no_library};
    if (types->missing)
        return;
    if (!apart_ask(types_dwarf, bytes, len, receive, types)) {
        types_free(types);
        types->missing = "its debug information cannot be read";
    } else {
        make_printable(types);
        if (types->row_count <= 1)
            types->missing = "it has no debug information (compile it with -g)";
    }
}

void types_free(struct types *types)
{
    free(types->rows);
    free(types->members);
    free(types->variables);
    free(types->locals);
    free(types->names);
    *types = (struct types){0};
}

/* ---- What a type is ---- */

struct types_type types_bare(const struct types *types, struct types_type type)
{
    for (unsigned i = 0; i < CHAIN_MOST && !type.stars; i++) {
        const struct types_row *row = &types->rows[type.row];

        if (row->kind == TYPES_TYPEDEF)
            type.row = row->ref;
        else if (row->kind == TYPES_POINTER)
            return (struct types_type){row->ref, 1};
        else
            return type;
    }
    return type;
}

const struct types_row *types_row_of(const struct types *types, struct types_type type)
{
    return &types->rows[types_bare(types, type).row];
}

uint32_t types_size(const struct types *types, struct types_type type)
{
    uint64_t size = 1;

    for (unsigned i = 0; i < CHAIN_MOST; i++) {
        struct types_type bare = types_bare(types, type);
        const struct types_row *row = &types->rows[bare.row];

        if (bare.stars || row->kind != TYPES_ARRAY) {
            size *= bare.stars ? POINTER_BYTES : row->size;
            return size <= UINT32_MAX ? (uint32_t)size : 0;
        }
        size *= row->count;
        if (size > UINT32_MAX)
            return 0;
        type = (struct types_type){row->ref, 0};
    }
    return 0;
}

bool types_target(const struct types *types, struct types_type type, struct types_type *target)
{
    struct types_type bare = types_bare(types, type);

    if (!bare.stars && types->rows[bare.row].kind != TYPES_ARRAY)
        return false;
    *target = bare.stars ? (struct types_type){bare.row, bare.stars - 1}
                         : (struct types_type){types->rows[bare.row].ref, 0};
    return true;
}

bool types_is_scalar(const struct types *types, struct types_type type)
{
    struct types_type bare = types_bare(types, type);
    const struct types_row *row = &types->rows[bare.row];

    if (bare.stars)
        return true;
    return ((row->kind >= TYPES_SIGNED && row->kind <= TYPES_BOOL) ||
            row->kind == TYPES_ENUM) &&
           (row->size == 1 || row->size == 2 || row->size == 4 || row->size == 8);
}

bool types_is_signed(const struct types *types, struct types_type type)
{
    struct types_type bare = types_bare(types, type);

    return !bare.stars && types->rows[bare.row].kind == TYPES_SIGNED;
}

/* ---- Looking things up ---- */

static bool is_named(const struct types *types, uint32_t name, const char *text, size_t len)
{
    const char *known = types->names + name;

    return !strncmp(known, text, len) && !known[len];
}

static bool has_members(const struct types_row *row)
{
    return row->kind == TYPES_STRUCT || row->kind == TYPES_UNION;
}

const struct types_row *types_definition(const struct types *types, const struct types_row *row)
{
    const char *name = types->names + row->name;
    struct types_type type;

    if (row->count || !*name ||
        !types_find(types, (enum types_kind)row->kind, name, strlen(name), &type))
        return row;
    return &types->rows[type.row];
}

/* A search for a member, through a bounded number of them. */
struct search {
    const struct types *types;
    const char *name;
    size_t len;
    uint32_t left;
};

static const struct types_member *member_in(struct search *search, struct types_type type,
                                            uint32_t *offset, unsigned depth)
{
    const struct types *types = search->types;
    struct types_type bare = types_bare(types, type);
    const struct types_row *row = &types->rows[bare.row];
    const struct types_member *found = NULL;

    if (bare.stars || !has_members(row) || !depth)
        return NULL;
    row = types_definition(types, row);
    for (uint32_t i = 0; i < row->count && !found && search->left; i++, search->left--) {
        const struct types_member *member = &types->members[row->first + i];

        if (!types->names[member->name])
            found = member_in(search, (struct types_type){member->type, 0}, offset, depth - 1);
        else if (is_named(types, member->name, search->name, search->len))
            found = member;
        if (found)
            *offset += member->offset;
        if (!search->left)
            break;
    }
    return found;
}

const struct types_member *types_member(const struct types *types, struct types_type type,
                                        const char *name, size_t len, uint32_t *offset)
{
    struct search search = {types, name, len, TYPES_MEMBERS_MOST};

    *offset = 0;
    return len ? member_in(&search, type, offset, WITHIN_MOST) : NULL;
}

/* One that is defined comes before one that is only declared. */
bool types_find(const struct types *types, enum types_kind kind, const char *name, size_t len,
                struct types_type *type)
{
    bool found = false;

    for (uint32_t i = 1; i < types->row_count; i++) {
        const struct types_row *row = &types->rows[i];
        bool fits = kind == TYPES_VOID ? row->kind < TYPES_POINTER || row->kind == TYPES_TYPEDEF
                                       : row->kind == (uint32_t)kind;

        if (!fits || !is_named(types, row->name, name, len) || (found && !row->count))
            continue;
        *type = (struct types_type){i, 0};
        found = true;
        if (row->count)
            break;
    }
    return found;
}

bool types_variable(const struct types *types, const char *name, size_t len, uint32_t address,
                    struct types_type *type)
{
    bool found = false;

    for (uint32_t i = 0; i < types->variable_count; i++) {
        const struct types_variable *variable = &types->variables[i];

        if (!is_named(types, variable->name, name, len) ||
            (found && variable->address != address))
            continue;
        *type = (struct types_type){variable->type, 0};
        found = true;
        if (variable->address == address)
            break;
    }
    return found;
}

bool types_enumerator(const struct types *types, const char *name, size_t len, uint32_t *value)
{
    for (uint32_t i = 0; i < types->row_count; i++) {
        const struct types_row *row = &types->rows[i];

        for (uint32_t k = 0; row->kind == TYPES_ENUM && k < row->count; k++)
            if (is_named(types, types->members[row->first + k].name, name, len)) {
                *value = types->members[row->first + k].offset;
                return true;
            }
    }
    return false;
}

/* ---- Local variables ---- */

static bool is_in_scope(const struct types_local *local, uint32_t pc)
{
    return pc >= local->start && pc < local->end;
}

/* Inner blocks come first; of one variable, the place that it has. */
static bool comes_before(const struct types_local *a, const struct types_local *b)
{
    return a->depth != b->depth ? a->depth > b->depth : !b->where && a->where;
}

const struct types_local *types_local(const struct types *types, const char *name, size_t len,
                                      uint32_t pc)
{
    const struct types_local *found = NULL;

    for (uint32_t i = 0; i < types->local_count; i++) {
        const struct types_local *local = &types->locals[i];

        if (is_in_scope(local, pc) && is_named(types, local->name, name, len) &&
            (!found || comes_before(local, found)))
            found = local;
    }
    return found;
}

const struct types_local *types_local_next(const struct types *types, uint32_t pc,
                                           const struct types_local *last)
{
    const struct types_local *end = types->locals + types->local_count;

    for (const struct types_local *at = last ? last + 1 : types->locals; at < end; at++) {
        const char *name = types->names + at->name;

        if (is_in_scope(at, pc) && *name && types_local(types, name, strlen(name), pc) == at)
            return at;
    }
    return NULL;
}
