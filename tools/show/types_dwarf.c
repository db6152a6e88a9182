/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types_dwarf.c - reads C types, global and local variables by libdw, and sends them. Each unit
 * brings its own copy of what its headers declare: types of one name, kind and size become one
 * row. A row is made when its type is first met and filled in later, from a queue, so that no
 * chain of types is too long for the stack. It may crash or run out of time on a hostile file: see
 * apart.h.
 */
#define _GNU_SOURCE
#include "tools/show/types.h"

#if !PZ_HAVE_LIBDW

bool types_dwarf(const uint8_t *bytes, size_t len, int to)
{
    (void)bytes, (void)len, (void)to;
    return false;
}

#else

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include <elfutils/libdw.h>

#include "tools/show/apart.h"

#define SLOTS (1u << 20) /* of each hash table; at least twice what is in it */
#define MODIFIERS_MOST 16u
#define DIMENSIONS_MOST 8u
#define BLOCKS_MOST 64u /* in each other */

/* A key and the number that it stands for. */
struct slot {
    uint64_t key;
    uint32_t number;
    uint32_t used; /* the unit's number, so that a new unit finds an empty table */
};

struct reader {
    struct types_row *rows;
    struct types_member *members;
    struct types_variable *variables;
    struct types_local *locals;
    char *names;
    uint32_t row_count, member_count, variable_count, local_count, name_bytes;
    uint32_t filled;       /* rows before this are */
    Dwarf_Die *dies;       /* of the rows; addr NULL: it was filled in at once */
    struct slot *by_place; /* in this unit: rows by their place in the file */
    uint32_t place_count, unit;
    struct slot *by_name; /* rows by kind, size and name */
    struct slot *texts;   /* places in names */
    uint32_t text_count;
};

/* ---- Tables ---- */

static uint64_t mix(uint64_t key)
{
    key *= 0x9e3779b97f4a7c15u;
    return key ^ key >> 29;
}

/* Where the key is, or would be. */
static struct slot *slot_of(struct slot *slots, uint64_t key, uint32_t used)
{
    uint32_t at = (uint32_t)mix(key) % SLOTS;

    while (slots[at].used == used && slots[at].key != key)
        at = (at + 1) % SLOTS;
    return &slots[at];
}

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;

    while (*text)
        hash = (hash ^ (uint8_t)*text++) * 0x100000001b3u;
    return hash;
}

/* The place of a name; the first is "". Two names with one hash are taken as one: of 2^64. */
static uint32_t place_of(struct reader *reader, const char *name)
{
    struct slot *slot = slot_of(reader->texts, hash_of(name ? name : ""), 1);
    size_t len = strlen(name ? name : "") + 1;

    if (slot->used)
        return slot->number;
    if (reader->name_bytes + len > TYPES_NAMES_MOST || reader->text_count == SLOTS / 2)
        return 0;
    *slot = (struct slot){hash_of(name ? name : ""), reader->name_bytes, 1};
    memcpy(reader->names + reader->name_bytes, name ? name : "", len);
    reader->name_bytes += (uint32_t)len;
    reader->text_count++;
    return slot->number;
}

/* ---- Attributes ---- */

static bool number_of(Dwarf_Die *die, unsigned name, uint64_t *number)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value;

    if (!dwarf_attr(die, name, &attribute) || dwarf_formudata(&attribute, &value))
        return false;
    *number = value;
    return true;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;

    return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
           dwarf_formref_die(&attribute, type);
}

static uint32_t size_of(Dwarf_Die *die)
{
    int size = dwarf_bytesize(die);

    return size > 0 ? (uint32_t)size : 0;
}

/* ---- Rows ---- */

static enum types_kind basic_kind(Dwarf_Die *die)
{
    const char *name = dwarf_diename(die);
    uint64_t encoding = 0;

    (void)number_of(die, DW_AT_encoding, &encoding);
    if (name && !strcmp(name, "char"))
        return TYPES_CHAR;
    switch (encoding) {
    case DW_ATE_boolean: return TYPES_BOOL;
    case DW_ATE_signed:
    case DW_ATE_signed_char: return TYPES_SIGNED;
    case DW_ATE_unsigned:
    case DW_ATE_unsigned_char: return TYPES_UNSIGNED;
    default: return TYPES_OPAQUE;
    }
}

static enum types_kind kind_of(Dwarf_Die *die)
{
    switch (dwarf_tag(die)) {
    case DW_TAG_base_type: return basic_kind(die);
    case DW_TAG_pointer_type: return TYPES_POINTER;
    case DW_TAG_structure_type: return TYPES_STRUCT;
    case DW_TAG_union_type: return TYPES_UNION;
    case DW_TAG_enumeration_type: return TYPES_ENUM;
    case DW_TAG_array_type: return TYPES_ARRAY;
    case DW_TAG_typedef: return TYPES_TYPEDEF;
    default: return TYPES_OPAQUE;
    }
}

static uint32_t add_row(struct reader *reader, struct types_row row, const Dwarf_Die *die)
{
    if (reader->row_count == TYPES_ROWS_MOST)
        return 0;
    reader->dies[reader->row_count] = *die;
    reader->rows[reader->row_count] = row;
    return reader->row_count++;
}

/* "const volatile T" is T; nothing at all is void. */
static bool strip(Dwarf_Die *die)
{
    for (unsigned i = 0; i < MODIFIERS_MOST; i++) {
        switch (dwarf_tag(die)) {
        case DW_TAG_const_type:
        case DW_TAG_volatile_type:
        case DW_TAG_restrict_type:
        case DW_TAG_atomic_type: break;
        default: return true;
        }
        if (!type_of(die, die))
            return false;
    }
    return false;
}

/* What tells two types apart; an enumeration without a name has its first enumerator's. */
static const char *name_for(Dwarf_Die *die)
{
    const char *name = dwarf_diename(die);
    Dwarf_Die child;

    if (!name && dwarf_tag(die) == DW_TAG_enumeration_type && !dwarf_child(die, &child))
        name = dwarf_diename(&child);
    return name;
}

/* One of this name, kind and size, of whichever unit; else a new one. */
static uint32_t row_by_name(struct reader *reader, Dwarf_Die *die, const char *name)
{
    struct types_row row = {
        kind_of(die), place_of(reader, dwarf_diename(die)), size_of(die), 0, 0, 0};
    uint64_t key =
        (uint64_t)row.kind << 56 ^ (uint64_t)row.size << 28 ^ mix(place_of(reader, name));
    struct slot *slot = slot_of(reader->by_name, key, 1);

    if (slot->used)
        return slot->number;
    *slot = (struct slot){key, add_row(reader, row, die), 1};
    return slot->number;
}

static uint32_t row_of(struct reader *reader, Dwarf_Die die)
{
    struct slot *slot;
    const char *name;

    if (!strip(&die))
        return 0;
    slot = slot_of(reader->by_place, dwarf_dieoffset(&die), reader->unit);
    if (slot->used == reader->unit)
        return slot->number;
    if (reader->place_count++ >= SLOTS / 2)
        return 0;
    name = name_for(&die);
    slot->key = dwarf_dieoffset(&die);
    slot->used = reader->unit;
    slot->number =
        name ? row_by_name(reader, &die, name)
             : add_row(reader, (struct types_row){.kind = kind_of(&die), .size = size_of(&die)},
                       &die);
    return slot->number;
}

/* The row of what this is of, or has. */
static uint32_t row_of_type(struct reader *reader, Dwarf_Die *die)
{
    Dwarf_Die type;

    return type_of(die, &type) ? row_of(reader, type) : 0;
}

/* ---- What is in them ---- */

static void add_member(struct reader *reader, struct types_row *row, struct types_member member)
{
    if (reader->member_count == TYPES_MEMBERS_MOST)
        return;
    reader->members[reader->member_count++] = member;
    row->count++;
}

/*
 * A bit-field's place counts from the structure's beginning (DWARF 5, section 5.7.6), or, as
 * DWARF 2 had it, from the most significant bit of the unit that it is stored in.
 */
static void place_bits(Dwarf_Die *die, struct types_member *member, uint32_t size)
{
    uint64_t bits = 0, at = 0, storage = size;

    if (!number_of(die, DW_AT_bit_size, &bits) || !bits || bits > 64)
        return;
    if (number_of(die, DW_AT_bit_offset, &at)) {
        (void)number_of(die, DW_AT_byte_size, &storage);
        at = (uint64_t)member->offset * 8 + storage * 8 - at - bits;
    } else if (!number_of(die, DW_AT_data_bit_offset, &at)) {
        at = (uint64_t)member->offset * 8;
    }
    member->offset = (uint32_t)(at / 8);
    member->bit_at = (uint32_t)(at % 8);
    member->bits = (uint32_t)bits;
}

static void fill_structure(struct reader *reader, struct types_row *row, Dwarf_Die *die)
{
    Dwarf_Die child, type;
    uint64_t offset;

    row->first = reader->member_count;
    if (dwarf_child(die, &child))
        return;
    do {
        struct types_member member = {.name = place_of(reader, dwarf_diename(&child))};

        if (dwarf_tag(&child) != DW_TAG_member || !type_of(&child, &type))
            continue;
        if (number_of(&child, DW_AT_data_member_location, &offset))
            member.offset = (uint32_t)offset;
        member.type = row_of(reader, type);
        place_bits(&child, &member, size_of(&type));
        add_member(reader, row, member);
    } while (!dwarf_siblingof(&child, &child));
}

static void fill_enumeration(struct reader *reader, struct types_row *row, Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    Dwarf_Sword value;
    Dwarf_Die child;

    row->first = reader->member_count;
    if (dwarf_child(die, &child))
        return;
    do {
        if (dwarf_tag(&child) == DW_TAG_enumerator &&
            dwarf_attr(&child, DW_AT_const_value, &attribute) &&
            !dwarf_formsdata(&attribute, &value))
            add_member(reader, row,
                       (struct types_member){.name = place_of(reader, dwarf_diename(&child)),
                                             .offset = (uint32_t)value});
    } while (!dwarf_siblingof(&child, &child));
}

static uint32_t elements_of(Dwarf_Die *range)
{
    uint64_t count = 0;

    if (!number_of(range, DW_AT_count, &count) && number_of(range, DW_AT_upper_bound, &count))
        count++;
    return count < UINT32_MAX ? (uint32_t)count : 0;
}

/* "T x[2][3]" is an array of two arrays, of three: a row for each dimension. */
static void fill_array(struct reader *reader, uint32_t number, Dwarf_Die *die)
{
    static const Dwarf_Die none;
    uint32_t counts[DIMENSIONS_MOST], dimensions = 0;
    uint32_t of = row_of_type(reader, die);
    Dwarf_Die child;

    if (!dwarf_child(die, &child))
        do
            if (dwarf_tag(&child) == DW_TAG_subrange_type && dimensions < DIMENSIONS_MOST)
                counts[dimensions++] = elements_of(&child);
        while (!dwarf_siblingof(&child, &child));
    while (dimensions > 1)
        of = add_row(
            reader,
            (struct types_row){.kind = TYPES_ARRAY, .ref = of, .count = counts[--dimensions]},
            &none);
    reader->rows[number].ref = of;
    reader->rows[number].count = dimensions ? counts[0] : 0;
}

static void fill(struct reader *reader, uint32_t number)
{
    struct types_row *row = &reader->rows[number];
    Dwarf_Die *die = &reader->dies[number];

    if (!die->addr)
        return;
    switch ((enum types_kind)row->kind) {
    case TYPES_POINTER:
    case TYPES_TYPEDEF: row->ref = row_of_type(reader, die); break;
    case TYPES_STRUCT:
    case TYPES_UNION: fill_structure(reader, row, die); break;
    case TYPES_ENUM: fill_enumeration(reader, row, die); break;
    case TYPES_ARRAY: fill_array(reader, number, die); break;
    default: break;
    }
}

/* ---- Units ---- */

/* Its address is known, so it is no local of a function's and no mere declaration. */
static bool is_placed(Dwarf_Die *die, uint32_t *address)
{
    Dwarf_Attribute location, place;
    Dwarf_Addr at = 0;
    Dwarf_Op *ops;
    size_t count;

    if (!dwarf_attr_integrate(die, DW_AT_location, &location) ||
        dwarf_getlocation(&location, &ops, &count) || count != 1)
        return false;
    if (ops[0].atom == DW_OP_addr)
        at = ops[0].number;
    else if (ops[0].atom != DW_OP_addrx || dwarf_getlocation_attr(&location, ops, &place) ||
             dwarf_formaddr(&place, &at))
        return false;
    *address = (uint32_t)at;
    return at <= UINT32_MAX;
}

/* Linkers give addresses, too: what is only declared counts, once for each name. */
static bool is_first_declaration(struct reader *reader, Dwarf_Die *die, const char *name)
{
    Dwarf_Attribute attribute;
    uint64_t key = mix(place_of(reader, name)) ^ (uint64_t)TYPES_KINDS << 56;
    struct slot *slot = slot_of(reader->by_name, key, 1);

    if (slot->used || !dwarf_attr(die, DW_AT_declaration, &attribute) ||
        reader->variable_count >= TYPES_VARIABLES_MOST / 2)
        return false;
    *slot = (struct slot){key, 0, 1};
    return true;
}

static void add_variable(struct reader *reader, Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    const char *name =
        dwarf_attr_integrate(die, DW_AT_name, &attribute) ? dwarf_formstring(&attribute) : NULL;
    struct types_variable variable = {0};

    if (!name || reader->variable_count == TYPES_VARIABLES_MOST ||
        (!is_placed(die, &variable.address) && !is_first_declaration(reader, die, name)))
        return;
    variable.name = place_of(reader, name);
    variable.type = row_of_type(reader, die);
    reader->variables[reader->variable_count++] = variable;
}

/* ---- Local variables ---- */

/* The function, or the block in it, whose variables are read. */
struct block {
    Dwarf_Die die;
    const struct types_local *frame; /* what DW_OP_fbreg counts from; NULL: not known */
    uint32_t depth;
};

static void add_local(struct reader *reader, struct types_local local)
{
    if (local.start && local.start < local.end && reader->local_count < TYPES_LOCALS_MOST)
        reader->locals[reader->local_count++] = local;
}

/* In memory at an offset from the base of the frame, which is the caller's sp or a register. */
static void in_frame(const struct block *block, int64_t offset, struct types_local *local)
{
    if (!block->frame)
        return;
    local->where =
        block->frame->where == TYPES_IN_REGISTER ? TYPES_AT_REGISTER : block->frame->where;
    local->reg = block->frame->reg;
    local->offset = (int32_t)offset;
}

/* The only operation of an expression, or the first of two, as far as it is understood. */
static void place_by(const struct block *block, const Dwarf_Op *op, struct types_local *local)
{
    local->reg = 0;
    local->offset = 0;
    if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31) {
        local->where = TYPES_IN_REGISTER;
        local->reg = op->atom - DW_OP_reg0;
    } else if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31) {
        local->where = TYPES_AT_REGISTER;
        local->reg = op->atom - DW_OP_breg0;
        local->offset = (int32_t)op->number;
    } else if (op->atom == DW_OP_fbreg) {
        in_frame(block, (int64_t)op->number, local);
    } else if (op->atom == DW_OP_call_frame_cfa) {
        local->where = TYPES_AT_CFA;
    }
}

/* A value without a place. */
static void be_value(const Dwarf_Op *op, struct types_local *local)
{
    if (local->where == TYPES_AT_REGISTER) {
        local->where = TYPES_IS_SUM;
        return;
    }
    local->where = TYPES_IS_NUMBER;
    if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31)
        local->offset = (int32_t)(op->atom - DW_OP_lit0);
    else if (op->atom >= DW_OP_const1u && op->atom <= DW_OP_consts)
        local->offset = (int32_t)op->number;
    else
        local->where = TYPES_NOWHERE;
}

static void set_place(const struct block *block, const Dwarf_Op *ops, size_t count,
                      struct types_local *local)
{
    local->where = TYPES_NOWHERE;
    if (count != 1 && (count != 2 || ops[1].atom != DW_OP_stack_value))
        return;
    place_by(block, ops, local);
    if (count == 2)
        be_value(ops, local);
}

/* Everywhere in the block's code. */
static void add_in_block(struct reader *reader, const struct block *block,
                         struct types_local local)
{
    Dwarf_Die die = block->die;
    Dwarf_Addr base, start, end;
    ptrdiff_t at = 0;

    while ((at = dwarf_ranges(&die, at, &base, &start, &end)) > 0) {
        local.start = (uint32_t)start;
        local.end = end <= UINT32_MAX ? (uint32_t)end : 0;
        add_local(reader, local);
    }
}

/* One place for all of the block, or a list of places by address. */
static void add_places(struct reader *reader, const struct block *block, Dwarf_Die *die,
                       struct types_local local)
{
    Dwarf_Addr base, start, end;
    Dwarf_Attribute attribute;
    ptrdiff_t at = 0;
    Dwarf_Op *ops;
    size_t count;

    local.where = TYPES_NOWHERE;
    if (!dwarf_attr_integrate(die, DW_AT_location, &attribute)) {
        add_in_block(reader, block, local);
        return;
    }
    while ((at = dwarf_getlocations(&attribute, at, &base, &start, &end, &ops, &count)) > 0) {
        set_place(block, ops, count, &local);
        if (start == 0 && end == UINT64_MAX) {
            add_in_block(reader, block, local);
            return;
        }
        local.start = (uint32_t)start;
        local.end = end <= UINT32_MAX ? (uint32_t)end : 0;
        add_local(reader, local);
    }
    local.where = TYPES_NOWHERE;
    add_in_block(reader, block, local);
}

static void read_local(struct reader *reader, const struct block *block, Dwarf_Die *die)
{
    struct types_local local = {.where = TYPES_AT_ADDRESS, .depth = block->depth};
    Dwarf_Attribute attribute;
    uint32_t address;
    const char *name =
        dwarf_attr_integrate(die, DW_AT_name, &attribute) ? dwarf_formstring(&attribute) : NULL;

    if (!name || dwarf_hasattr(die, DW_AT_declaration))
        return;
    local.name = place_of(reader, name);
    local.type = row_of_type(reader, die);
    if (is_placed(die, &address)) {
        local.offset = (int32_t)address;
        add_in_block(reader, block, local);
    } else {
        add_places(reader, block, die, local);
    }
}

/* A function's variables, then those of blocks in it, and of functions that are inlined there. */
static void read_block(struct reader *reader, const struct block *block)
{
    struct block inner = {.frame = block->frame, .depth = block->depth + 1};
    Dwarf_Die die = block->die;

    if (block->depth == BLOCKS_MOST || dwarf_child(&die, &inner.die))
        return;
    do
        switch (dwarf_tag(&inner.die)) {
        case DW_TAG_formal_parameter:
        case DW_TAG_variable: read_local(reader, block, &inner.die); break;
        case DW_TAG_lexical_block:
        case DW_TAG_inlined_subroutine: read_block(reader, &inner); break;
        default: break;
        }
    while (!dwarf_siblingof(&inner.die, &inner.die));
}

static void read_function(struct reader *reader, const Dwarf_Die *die)
{
    struct types_local frame = {0};
    struct block block = {.die = *die};
    Dwarf_Attribute attribute;
    Dwarf_Op *ops;
    size_t count;

    if (dwarf_attr(&block.die, DW_AT_frame_base, &attribute) &&
        !dwarf_getlocation(&attribute, &ops, &count)) {
        set_place(&block, ops, count, &frame);
        block.frame =
            frame.where == TYPES_IN_REGISTER || frame.where == TYPES_AT_CFA ? &frame : NULL;
    }
    read_block(reader, &block);
}

static void read_one(struct reader *reader, Dwarf_Die *die)
{
    switch (dwarf_tag(die)) {
    case DW_TAG_subprogram: read_function(reader, die); break;
    case DW_TAG_variable: add_variable(reader, die); break;
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_base_type:
    case DW_TAG_typedef:
        if (dwarf_diename(die))
            (void)row_of(reader, *die);
        break;
    case DW_TAG_enumeration_type: (void)row_of(reader, *die); break;
    default: break;
    }
}

static void read_units(struct reader *reader, Dwarf *dwarf)
{
    Dwarf_Off offset = 0, next;
    Dwarf_Die unit, die;
    size_t header;

    for (; !dwarf_nextcu(dwarf, offset, &next, &header, NULL, NULL, NULL); offset = next) {
        reader->unit++;
        reader->place_count = 0;
        if (!dwarf_offdie(dwarf, offset + header, &unit) || dwarf_child(&unit, &die))
            continue;
        do
            read_one(reader, &die);
        while (!dwarf_siblingof(&die, &die));
        while (reader->filled < reader->row_count)
            fill(reader, reader->filled++);
    }
}

/* ---- */

static bool send_all(const struct reader *reader, int to)
{
    struct types_head head = {TYPES_MAGIC,          reader->row_count,
                              reader->member_count, reader->variable_count,
                              reader->local_count,  reader->name_bytes};

    return apart_send(to, &head, sizeof head) &&
           apart_send(to, reader->rows, reader->row_count * sizeof *reader->rows) &&
           apart_send(to, reader->members, reader->member_count * sizeof *reader->members) &&
           apart_send(to, reader->variables,
                      reader->variable_count * sizeof *reader->variables) &&
           apart_send(to, reader->locals, reader->local_count * sizeof *reader->locals) &&
           apart_send(to, reader->names, reader->name_bytes);
}

bool types_dwarf(const uint8_t *bytes, size_t len, int to)
{
    struct reader reader = {
        .rows = calloc(TYPES_ROWS_MOST, sizeof *reader.rows),
        .members = calloc(TYPES_MEMBERS_MOST, sizeof *reader.members),
        .variables = calloc(TYPES_VARIABLES_MOST, sizeof *reader.variables),
        .locals = calloc(TYPES_LOCALS_MOST, sizeof *reader.locals),
        .names = calloc(1, TYPES_NAMES_MOST),
        .dies = calloc(TYPES_ROWS_MOST, sizeof *reader.dies),
        .by_place = calloc(SLOTS, sizeof *reader.by_place),
        .by_name = calloc(SLOTS, sizeof *reader.by_name),
        .texts = calloc(SLOTS, sizeof *reader.texts),
        .row_count = 1, /* void */
        .filled = 1,
    };
    char *copy = malloc(len ? len : 1);
    Dwarf *dwarf;
    Elf *elf;

    if (!copy || !reader.rows || !reader.members || !reader.variables || !reader.locals ||
        !reader.names || !reader.dies || !reader.by_place || !reader.by_name || !reader.texts)
        return false;
    memcpy(copy, bytes, len);
    (void)place_of(&reader, "");
    (void)elf_version(EV_CURRENT);
    elf = elf_memory(copy, len);
    dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
    if (dwarf)
        read_units(&reader, dwarf);
    return send_all(&reader, to);
}

#endif
