/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types.h - C types and variables of a program, out of its DWARF, and printing what is in
 * memory by its type. The DWARF may be hostile: it is read in a process of its own (apart.h,
 * types_dwarf.c), and every number that comes from there is checked. Nothing here knows the
 * debugger: memory is read through a callback.
 */
#ifndef PZ_TOOLS_SHOW_TYPES_H
#define PZ_TOOLS_SHOW_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum types_kind {
    TYPES_VOID, /* the first row; what is not known, too */
    TYPES_SIGNED,
    TYPES_UNSIGNED,
    TYPES_CHAR,
    TYPES_BOOL,
    TYPES_OPAQUE, /* floating point, functions and the like */
    TYPES_POINTER,
    TYPES_STRUCT,
    TYPES_UNION,
    TYPES_ENUM,
    TYPES_ARRAY,
    TYPES_TYPEDEF,
    TYPES_KINDS,
};

/* Names are offsets in types.names; that of what has none is "". */
struct types_row {
    uint32_t kind; /* enum types_kind */
    uint32_t name;
    uint32_t
        size;     /* bytes; of a structure 0: it is only declared. Not of arrays and typedefs */
    uint32_t ref; /* pointers, arrays, typedefs: the row of what they are of */
    uint32_t first; /* structures: the first member; enumerations: enumerator */
    uint32_t count; /* how many; arrays: elements */
};

struct types_member {
    uint32_t name, type;
    uint32_t offset; /* bytes; of an enumerator: its value */
    uint32_t bit_at; /* of a bit-field: from there... */
    uint32_t bits;   /* ...so many; 0: it is none */
};

/* Address 0: it is only declared, and the symbol table knows where it is. */
struct types_variable {
    uint32_t name, type, address;
};

/* Where a local variable is, in [start, end). */
enum types_where {
    TYPES_NOWHERE, /* the compiler has left it out there */
    TYPES_IN_REGISTER,
    TYPES_AT_REGISTER, /* in memory, at a register + offset */
    TYPES_AT_CFA,      /* in memory, at the caller's sp + offset */
    TYPES_AT_ADDRESS,  /* in memory, at offset: static */
    TYPES_IS_SUM,      /* nowhere, but its value is a register + offset */
    TYPES_IS_NUMBER,   /* the same: offset */
    TYPES_WHERES,
};

/* A function's local variable or parameter: a row for each place that it has in its scope. */
struct types_local {
    uint32_t name, type;
    uint32_t start, end; /* addresses of code */
    uint32_t where;      /* enum types_where */
    uint32_t reg;
    int32_t offset;
    uint32_t depth; /* of its block in others */
};

struct types {
    struct types_row *rows;
    struct types_member *members;
    struct types_variable *variables;
    struct types_local *locals;
    char *names;
    uint32_t row_count, member_count, variable_count, local_count, name_bytes;
    const char *missing; /* why there are none, for people; NULL: there are */
};

/* A type: a row, behind so many pointers. */
struct types_type {
    uint32_t row, stars;
};

/* Whatever `bytes` are. To be freed. */
void types_load(struct types *types, const uint8_t *bytes, size_t len);
void types_free(struct types *types);

/* The type that typedefs stand for; a pointer's row becomes a star. */
struct types_type types_bare(const struct types *types, struct types_type type);
const struct types_row *types_row_of(const struct types *types, struct types_type type);

/* Of a structure that is only declared here the row that defines it, if there is one. */
const struct types_row *types_definition(const struct types *types,
                                         const struct types_row *row);

/* In bytes; 0: not known. */
uint32_t types_size(const struct types *types, struct types_type type);

/* What a pointer points to, or an array is of. False: it is neither. */
bool types_target(const struct types *types, struct types_type type, struct types_type *target);

/* Is it an integer, an enumeration or a pointer: a value of 1, 2, 4 or 8 bytes? */
bool types_is_scalar(const struct types *types, struct types_type type);
bool types_is_signed(const struct types *types, struct types_type type);

/*
 * A member by its name, also of structures without a name within; `offset` is from the beginning
 * of the whole. NULL: there is none.
 */
const struct types_member *types_member(const struct types *types, struct types_type type,
                                        const char *name, size_t len, uint32_t *offset);

/*
 * By name: a type of a kind (for typedefs and basic types TYPES_VOID stands for any); a variable's
 * type, if there are several the one at this address; an enumerator. False: there is none.
 */
bool types_find(const struct types *types, enum types_kind kind, const char *name, size_t len,
                struct types_type *type);
bool types_variable(const struct types *types, const char *name, size_t len, uint32_t address,
                    struct types_type *type);
bool types_enumerator(const struct types *types, const char *name, size_t len, uint32_t *value);

/*
 * The local variable that a name stands for in the code at `pc`: the innermost, with the place that
 * it has there. NULL: there is none.
 */
const struct types_local *types_local(const struct types *types, const char *name, size_t len,
                                      uint32_t pc);

/* Iterate over all that types_local() finds at `pc`: start with NULL; NULL: no more. */
const struct types_local *types_local_next(const struct types *types, uint32_t pc,
                                           const struct types_local *last);

/* ---- types_print.c ---- */

struct types_view {
    bool (*read)(void *owner, uint32_t address, void *to, uint32_t len);
    /* Of a function: " (name+0x10)", or "". */
    const char *(*name)(void *owner, uint32_t address);
    void *owner;
};

/* "struct proc *" */
void types_print_type(const struct types *types, FILE *out, struct types_type type);

/* What is at an address, in C's notation; a structure's members on lines of their own. */
void types_print(const struct types *types, FILE *out, struct types_type type, uint32_t address,
                 const struct types_view *view);

/* A scalar that is known. */
void types_print_value(const struct types *types, FILE *out, struct types_type type,
                       uint64_t value, const struct types_view *view);

/* ---- types_dwarf.c ---- */

/* What the reading process sends: this, then rows, members, variables, locals and names. */
struct types_head {
    uint32_t magic, rows, members, variables, locals, names;
};
#define TYPES_MAGIC 0x545a5031u
#define TYPES_ROWS_MOST (1u << 18)
#define TYPES_MEMBERS_MOST (1u << 20)
#define TYPES_VARIABLES_MOST (1u << 18)
#define TYPES_LOCALS_MOST (1u << 21)
#define TYPES_NAMES_MOST (16u << 20)

/* Read the DWARF and send it. In a process of its own. False: there is none. */
bool types_dwarf(const uint8_t *bytes, size_t len, int to);

#endif
