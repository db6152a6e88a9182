/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - an assembly in progress, and what its parts offer each other: lines as the preprocessor
 * gives them (source.c), statements and directives (statement.c, directive.c, macro.c),
 * instructions (encode.c), expressions (expression.c), sections and symbols (object.c), the ELF
 * file (elfwrite.c). Sizes are bounded: a source can be anything.
 */
#ifndef PZ_TOOLS_ASM_STATE_H
#define PZ_TOOLS_ASM_STATE_H

#include "tools/asm/result.h"
#include "tools/host/host.h"

#define ASM_BYTES_MOST (16u << 20)  /* of a section */
#define ASM_MEMORY_MOST (64u << 20) /* with what the host needs for each block */
#define ASM_BLOCK 64u
#define ASM_STATEMENTS_MOST 200000u
#define ASM_NESTING_MOST 32u
#define ASM_SECTIONS_MOST 64u
#define ASM_OPERANDS_MOST 8u
#define ASM_LINE_MOST 65536u
#define ASM_BUCKETS 4096u
#define ASM_EXPR_MOST 32u

/* Where a statement is in the source. */
struct asm_place {
    const char *file;
    unsigned line, column;
};

struct asm_section {
    char name[ASM_NAME];
    uint8_t *bytes;
    uint32_t len, room, align;
    uint32_t address; /* once all is laid out */
    bool zeros;       /* .bss: no bytes in the file */
};

struct asm_symbol {
    struct asm_symbol *next; /* in its bucket */
    const char *name;
    struct asm_section *section; /* NULL: a number */
    int64_t value;               /* in its section */
    bool defined, set, global, local;
};

/* One step of an expression in postfix order. */
struct asm_op {
    uint8_t code; /* 'n' number, 's' symbol, else the operator */
    int64_t number;
    struct asm_symbol *symbol;
};

struct asm_expr {
    struct asm_op ops[ASM_EXPR_MOST];
    unsigned count;
    char part; /* of the value: 0 all, 'h' %hi, 'l' %lo */
};

/* What is put where when all addresses are known. */
enum asm_fixup_kind {
    ASM_DATA8,
    ASM_DATA16,
    ASM_DATA32,
    ASM_IMM_I,
    ASM_IMM_S,
    ASM_IMM_U,
    ASM_SHAMT,
    ASM_CSR,
    ASM_UIMM,
    ASM_BRANCH,
    ASM_JUMP,
    ASM_PAIR_I, /* auipc, and what is behind it, which has an immediate of the format I... */
    ASM_PAIR_S, /* ...or S */
};

struct asm_fixup {
    struct asm_fixup *next;
    struct asm_section *section;
    uint32_t offset;
    enum asm_fixup_kind kind;
    unsigned branch; /* of ASM_BRANCH: its number */
    struct asm_expr expr;
    struct asm_place place;
};

/* Branches that have to be made longer, by their numbers in the source. */
struct asm_far {
    uint8_t is[ASM_STATEMENTS_MOST];
    unsigned passes;
};

struct asm_macro {
    struct asm_macro *next;
    const char *name, *parameters;
    char **lines;
    unsigned count;
};

/* The preprocessor's. */
struct asm_define {
    struct asm_define *next;
    const char *name, *parameters, *body; /* parameters NULL: it takes none */
    bool busy;                            /* being expanded */
};

struct asm_block {
    struct asm_block *next;
    max_align_t bytes[];
};

struct assembly {
    const struct asm_input *input;
    struct asm_output *output;
    struct asm_block *blocks; /* all small memory, freed at the end */
    size_t memory;
    bool no_memory, over;
    struct asm_place place;
    unsigned statements, nesting;

    struct asm_define *defines;
    struct asm_macro *macros;
    unsigned expansions;
    char scratch[ASM_LINE_MOST + 1]; /* of the line that is being put together */

    /* A block whose lines are being collected for .macro, .irp or .rept. */
    struct asm_macro *collecting;
    char collecting_kind; /* 'm', 'i', 'r'; 0: none */
    unsigned collecting_depth, collecting_room;

    struct asm_condition {
        bool taken, now, outer;
    } conditions[ASM_NESTING_MOST];
    unsigned condition_count;

    struct asm_section sections[ASM_SECTIONS_MOST];
    unsigned section_count;
    struct asm_section *section, *pushed[ASM_NESTING_MOST];
    unsigned pushed_count;

    struct asm_symbol *symbols[ASM_BUCKETS];
    unsigned numbered[10000]; /* how often each numeric label has been defined */
    struct asm_fixup *fixups, **fixup_end;
    bool laid_out;

    unsigned branches;   /* so far */
    struct asm_far *far; /* which of them are too far; kept from pass to pass */
};

/* ---- memory.c ---- */

/* Zeroed; NULL: none is left, and the assembly ends. */
void *asm_take(struct assembly *a, size_t size);
char *asm_copy(struct assembly *a, const char *text, size_t len);
void asm_free(struct assembly *a);

/* A mistake, at the statement's place. Returns false. */
bool asm_wrong(struct assembly *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- words.c ---- */

bool asm_is_name(char c);
size_t asm_name(const char *text); /* the length of the name that it begins with */
const char *asm_blank(const char *text);

/* Behind a string or character constant that begins here; the end of the text if it has no end. */
const char *asm_quoted(const char *text);

/* The bytes of one character, with escapes, in quotes. False: there is none. */
bool asm_character(const char **text, uint8_t *byte);

/* Operands by commas, in place, without blanks at their ends. -1: too many. */
int asm_operands(char *text, char *operands[], int most);

/* ---- source.c: the preprocessor ---- */
void asm_source(struct assembly *a, const char *name, const char *text);
char *asm_expand(struct assembly *a, const char *text, unsigned depth);

/* ---- statement.c ---- */
void asm_line(struct assembly *a, const char *line);

/* ---- macro.c ---- */

/* Is the statement part of a block that is being collected, or does it begin one? */
bool asm_collects(struct assembly *a, const char *name, const char *statement, char *rest);
bool asm_macro_call(struct assembly *a, const char *name, char *rest);

/* ---- directive.c ---- */
bool asm_directive(struct assembly *a, const char *name, char *rest);

/* Does the statement count? .if and its like are done here. */
bool asm_condition(struct assembly *a, const char *name, const char *rest);

/* ---- expression.c ---- */

/* False, with a diagnostic: it is none. All of the text. */
bool asm_expression(struct assembly *a, const char *text, struct asm_expr *expr);

/* Its value now. False: not known, or not a number; nothing is said. */
bool asm_number(const struct assembly *a, const struct asm_expr *expr, int64_t *value);

/* The same of a text, with a diagnostic that names `what`. */
bool asm_constant(struct assembly *a, const char *text, const char *what, int64_t *value);

/* ---- encode.c ---- */
bool asm_instruction(struct assembly *a, const char *name, char *rest);
int asm_register(const char *name);

/* ---- object.c ---- */
struct asm_section *asm_section(struct assembly *a, const char *name);
bool asm_emit(struct assembly *a, const void *bytes, size_t len);
bool asm_emit32(struct assembly *a, uint32_t word);
bool asm_fill(struct assembly *a, uint64_t count, uint8_t byte);
bool asm_align(struct assembly *a, uint64_t align);
struct asm_symbol *asm_symbol(struct assembly *a, const char *name, size_t len);
bool asm_define_label(struct assembly *a, const char *name, size_t len);

/* The symbol that "1f" or "1b" means here. */
struct asm_symbol *asm_numbered(struct assembly *a, unsigned number, bool forward);
struct asm_symbol *asm_here(struct assembly *a);

/* To be done at the place that is emitted next. */
bool asm_fix(struct assembly *a, enum asm_fixup_kind kind, const struct asm_expr *expr);
void asm_lay_out(struct assembly *a);

/* ---- fixup.c ---- */

/* Are there branches that are too far, and were not known to be? Then all begins again. */
bool asm_find_far(struct assembly *a);
void asm_fix_all(struct assembly *a);

/* ---- elfwrite.c ---- */
bool asm_write_elf(struct assembly *a);

#endif
