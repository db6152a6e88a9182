/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types_print.c - writes what is in memory as C has it. Types may contain themselves and arrays
 * may be of any length: what is written is bounded in depth and in number.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/show/types.h"

#define DEPTH_MOST 6u
#define ITEMS_MOST 1000u    /* values in all */
#define ELEMENTS_MOST 32u   /* of an array */
#define STRING_MOST 200u    /* characters */
#define REPEATED_MOST 4096u /* elements that are counted as one */
#define COMPARE_MOST 256u   /* bytes of an element, to see if the next is the same */

struct printer {
    const struct types *types;
    const struct types_view *view;
    FILE *out;
    unsigned left; /* values */
};

/* ---- Types ---- */

static const char *name_of(const struct types *types, const struct types_row *row)
{
    if (types->names[row->name])
        return types->names + row->name;
    if (row->kind == TYPES_VOID)
        return "void";
    return row->kind == TYPES_OPAQUE ? "(function)" : "{...}";
}

static void print_stars(FILE *out, uint32_t stars)
{
    for (uint32_t i = 0; i < stars; i++)
        fputc('*', out);
}

/* "char (*[4])[24]": the dimensions before the stars are those of what has the pointers. */
void types_print_type(const struct types *types, FILE *out, struct types_type type)
{
    static const char *const words[TYPES_KINDS] = {
        [TYPES_STRUCT] = "struct ", [TYPES_UNION] = "union ", [TYPES_ENUM] = "enum "};
    uint32_t counts[DEPTH_MOST], dimensions = 0, outer = 0, stars = 0;
    const struct types_row *row = &types->rows[type.row];

    for (unsigned i = 0; i < DEPTH_MOST && dimensions < DEPTH_MOST; i++) {
        if (row->kind == TYPES_ARRAY)
            counts[dimensions++] = row->count;
        else if (row->kind == TYPES_POINTER)
            stars++;
        else
            break;
        if (row->kind == TYPES_POINTER && !outer)
            outer = dimensions;
        row = &types->rows[row->ref];
    }
    if (type.stars || !stars)
        outer = type.stars ? 0 : dimensions;
    stars += type.stars;
    fprintf(out, "%s%s", words[row->kind] ? words[row->kind] : "", name_of(types, row));
    if (stars)
        fputs(outer < dimensions ? " (" : " ", out);
    print_stars(out, stars);
    for (uint32_t i = 0; i < outer; i++)
        fprintf(out, "[%" PRIu32 "]", counts[i]);
    if (stars && outer < dimensions)
        fputc(')', out);
    for (uint32_t i = outer; i < dimensions; i++)
        fprintf(out, "[%" PRIu32 "]", counts[i]);
}

/* ---- Scalars ---- */

static void print_character(FILE *out, unsigned char c, char quote)
{
    if (c == (unsigned char)quote || c == '\\')
        fprintf(out, "\\%c", c);
    else if (c == '\n')
        fputs("\\n", out);
    else if (c >= ' ' && c <= '~')
        fputc(c, out);
    else
        fprintf(out, "\\x%02x", c);
}

/* Characters up to the NUL, or `len`; the rest of an array of them is not said. */
static void print_string(const struct printer *printer, uint32_t address, uint32_t len)
{
    FILE *out = printer->out;
    unsigned char c = 0;
    uint32_t at = 0;

    fputc('"', out);
    for (; at < len && at < STRING_MOST; at++) {
        if (!printer->view->read(printer->view->owner, address + at, &c, 1) || !c)
            break;
        print_character(out, c, '"');
    }
    fputs(at == STRING_MOST && len > STRING_MOST ? "\"..." : "\"", out);
}

static void print_enumerator(const struct types *types, FILE *out, const struct types_row *row,
                             uint64_t value)
{
    for (uint32_t i = 0; i < row->count; i++)
        if (types->members[row->first + i].offset == (uint32_t)value) {
            fputs(types->names + types->members[row->first + i].name, out);
            return;
        }
    fprintf(out, "%" PRId64, (int64_t)(int32_t)value);
}

static void print_pointer(const struct printer *printer, struct types_type target,
                          uint32_t value)
{
    bool pointers = types_bare(printer->types, target).stars;
    enum types_kind kind = (enum types_kind)types_row_of(printer->types, target)->kind;

    fprintf(printer->out, "0x%08" PRIx32 "%s", value,
            value && !pointers && kind == TYPES_OPAQUE
                ? printer->view->name(printer->view->owner, value)
                : "");
    if (value && !pointers && kind == TYPES_CHAR) {
        fputc(' ', printer->out);
        print_string(printer, value, STRING_MOST + 1);
    }
}

static void print_scalar(const struct printer *printer, struct types_type type, uint64_t value)
{
    const struct types *types = printer->types;
    const struct types_row *row = types_row_of(types, type);
    struct types_type target;

    if (types_target(types, type, &target)) {
        print_pointer(printer, target, (uint32_t)value);
        return;
    }
    switch ((enum types_kind)row->kind) {
    case TYPES_ENUM: print_enumerator(types, printer->out, row, value); break;
    case TYPES_BOOL: fputs(value ? "true" : "false", printer->out); break;
    case TYPES_SIGNED: fprintf(printer->out, "%" PRId64, (int64_t)value); break;
    case TYPES_CHAR:
        fprintf(printer->out, "%" PRIu64 " '", value & 0xff);
        print_character(printer->out, (unsigned char)value, '\'');
        fputc('\'', printer->out);
        break;
    default: fprintf(printer->out, "%" PRIu64, value); break;
    }
}

void types_print_value(const struct types *types, FILE *out, struct types_type type,
                       uint64_t value, const struct types_view *view)
{
    struct printer printer = {types, view, out, ITEMS_MOST};

    print_scalar(&printer, type, value);
}

static bool read_bits(const struct printer *printer, uint32_t address, uint32_t bytes,
                      uint32_t bit_at, uint32_t bits, uint64_t *value)
{
    uint8_t raw[9] = {0};

    if (!bytes || bytes > sizeof raw ||
        !printer->view->read(printer->view->owner, address, raw, bytes))
        return false;
    *value = 0;
    for (uint32_t i = 0; i < bits; i++)
        *value |= (uint64_t)(raw[(bit_at + i) / 8] >> (bit_at + i) % 8 & 1) << i;
    return true;
}

static void print_bits(const struct printer *printer, struct types_type type, uint32_t address,
                       uint32_t bit_at, uint32_t bits)
{
    uint64_t value;

    if (!read_bits(printer, address, (bit_at + bits + 7) / 8, bit_at, bits, &value)) {
        fputs("(not mapped)", printer->out);
        return;
    }
    if (types_is_signed(printer->types, type) && bits < 64 && value >> (bits - 1) & 1)
        value |= ~(uint64_t)0 << bits;
    print_scalar(printer, type, value);
}

/* ---- What has parts ---- */

static void print_any(struct printer *printer, struct types_type type, uint32_t address,
                      unsigned depth);

static void print_member(struct printer *printer, const struct types_member *member,
                         uint32_t address, unsigned depth)
{
    struct types_type type = {member->type, 0};
    const char *name = printer->types->names + member->name;

    if (*name)
        fprintf(printer->out, "%s = ", name);
    if (member->bits && printer->left)
        printer->left--;
    if (member->bits)
        print_bits(printer, type, address + member->offset, member->bit_at, member->bits);
    else
        print_any(printer, type, address + member->offset, depth);
}

/* The outermost has a line for each. */
static void print_structure(struct printer *printer, const struct types_row *row,
                            uint32_t address, unsigned depth)
{
    const char *before = depth ? "" : "\n    ", *between = depth ? ", " : ",\n    ";

    row = types_definition(printer->types, row);
    fprintf(printer->out, "{%s", row->count ? before : "");
    for (uint32_t i = 0; i < row->count; i++) {
        if (i)
            fputs(between, printer->out);
        if (!printer->left) {
            fputs("...", printer->out);
            break;
        }
        print_member(printer, &printer->types->members[row->first + i], address, depth + 1);
    }
    fputs(depth || !row->count ? "}" : "\n}", printer->out);
}

/* How many elements from here on have the same bytes. */
static uint32_t repeated(const struct printer *printer, uint32_t address, uint32_t size,
                         uint32_t count)
{
    uint8_t first[COMPARE_MOST], next[COMPARE_MOST];
    const struct types_view *view = printer->view;
    uint32_t same = 1;

    if (!size || size > COMPARE_MOST || !view->read(view->owner, address, first, size))
        return 1;
    while (same < count && same < REPEATED_MOST &&
           view->read(view->owner, address + same * size, next, size) &&
           !memcmp(first, next, size))
        same++;
    return same;
}

static void print_array(struct printer *printer, struct types_type of, uint32_t count,
                        uint32_t address, unsigned depth)
{
    uint32_t size = types_size(printer->types, of), said = 0;

    if (!types_bare(printer->types, of).stars &&
        types_row_of(printer->types, of)->kind == TYPES_CHAR) {
        print_string(printer, address, count);
        return;
    }
    fputc('{', printer->out);
    for (uint32_t i = 0; i < count; said++) {
        uint32_t same = repeated(printer, address + i * size, size, count - i);

        if (i)
            fputs(", ", printer->out);
        if (said == ELEMENTS_MOST || !printer->left || !size) {
            fputs("...", printer->out);
            break;
        }
        print_any(printer, of, address + i * size, depth + 1);
        if (same > 1)
            fprintf(printer->out, " (%" PRIu32 " times)", same);
        i += same;
    }
    fputc('}', printer->out);
}

static void print_any(struct printer *printer, struct types_type type, uint32_t address,
                      unsigned depth)
{
    const struct types *types = printer->types;
    struct types_type bare = types_bare(types, type);
    const struct types_row *row = &types->rows[bare.row];

    if (printer->left)
        printer->left--;
    if (types_is_scalar(types, type))
        print_bits(printer, type, address, 0, 8 * types_size(types, type));
    else if (depth >= DEPTH_MOST)
        fputs("{...}", printer->out);
    else if (row->kind == TYPES_STRUCT || row->kind == TYPES_UNION)
        print_structure(printer, row, address, depth);
    else if (row->kind == TYPES_ARRAY)
        print_array(printer, (struct types_type){row->ref, 0}, row->count, address, depth);
    else
        fprintf(printer->out, "(%" PRIu32 " bytes)", row->size);
}

void types_print(const struct types *types, FILE *out, struct types_type type, uint32_t address,
                 const struct types_view *view)
{
    struct printer printer = {types, view, out, ITEMS_MOST};

    print_any(&printer, type, address, 0);
}
