/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pointparse.c - points as people write them. A point belongs to the selected VM unless
 * it says otherwise; a kernel's symbol means the kernel: user programs may have the same
 * address.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/points.h"
#include "tools/debug/words.h"

/* A point while it is parsed: what has been read so far, and from where. */
struct reader {
    const struct debug_context *context;
    struct debug_point point;
    const char *at;
    struct problem *problem;
};

/* A number or an expression, evaluated at once. */
static enum pz_err read_value(struct reader *r, uint64_t *value)
{
    struct debug_scope scope = debug_scope_of(r->context->vm);
    struct debug_expr expr;
    enum pz_err err = debug_expr_compile(&expr, &r->context->names, &r->at, false, r->problem);

    if (!err && !debug_expr_value(&expr, &scope, value))
        return problem_set(r->problem, PZ_USAGE,
                           "'%s' has no value here: its memory is not mapped", expr.text);
    return err;
}

static enum pz_err read_address(struct reader *r, uint32_t *address)
{
    uint64_t value = 0;
    enum pz_err err = read_value(r, &value);

    if (!err && value > UINT32_MAX)
        return problem_set(r->problem, PZ_USAGE, "0x%" PRIx64 " is not a 32-bit address",
                           value);
    *address = (uint32_t)value;
    return err;
}

/* ---- Conditions ---- */

static enum pz_err read_vm(struct reader *r)
{
    uint64_t vm = 0;
    enum pz_err err;

    if (debug_words_take(&r->at, "any")) {
        r->point.where.vm = DEBUG_ANY;
        return PZ_OK;
    }
    err = read_value(r, &vm);
    if (!err && vm >= r->context->vms)
        return problem_set(r->problem, PZ_USAGE, "there is no VM %" PRIu64 " (vms lists them)",
                           vm);
    r->point.where.vm = (int)vm;
    return err;
}

static enum pz_err read_mode(struct reader *r)
{
    char word[DEBUG_WORD] = "";

    (void)debug_words_next(&r->at, word);
    if (!strcmp(word, "user") || !strcmp(word, "u"))
        r->point.where.mode = HART_USER;
    else if (!strcmp(word, "supervisor") || !strcmp(word, "s"))
        r->point.where.mode = HART_SUPERVISOR;
    else if (!strcmp(word, "any"))
        r->point.where.mode = DEBUG_ANY;
    else
        return problem_set(r->problem, PZ_USAGE, "mode is user, supervisor or any, not '%s'",
                           word);
    return PZ_OK;
}

static enum pz_err read_satp(struct reader *r)
{
    r->point.where.in_space = true;
    return read_address(r, &r->point.where.satp);
}

static enum pz_err read_retired(struct reader *r)
{
    r->point.where.at_retired = true;
    return read_value(r, &r->point.where.retired);
}

static enum pz_err read_process(struct reader *r)
{
    char word[DEBUG_WORD] = "";

    (void)debug_words_next(&r->at, word);
    if (!*word || strlen(word) >= DEBUG_PROCESS)
        return problem_set(r->problem, PZ_USAGE,
                           "process takes a name of at most %u characters", DEBUG_PROCESS - 1);
    strcpy(r->point.where.process, word);
    r->point.where.in_process = true;
    return debug_process_compile(&r->point.where.process_name, &r->context->names, r->problem);
}

static enum pz_err read_if(struct reader *r)
{
    r->point.where.conditional = true;
    return debug_expr_compile(&r->point.where.condition, &r->context->names, &r->at, true,
                              r->problem);
}

static const struct {
    const char *word;
    enum pz_err (*read)(struct reader *r);
} conditions[] = {{"vm", read_vm},           {"mode", read_mode},       {"satp", read_satp},
                  {"retired", read_retired}, {"process", read_process}, {"if", read_if}};
#define CONDITIONS (sizeof conditions / sizeof conditions[0])

/* The rest must be conditions. */
static enum pz_err read_conditions(struct reader *r)
{
    enum pz_err err = PZ_OK;

    while (!err && debug_words_left(&r->at)) {
        unsigned i = 0;

        while (i < CONDITIONS && !debug_words_take(&r->at, conditions[i].word))
            i++;
        if (i == CONDITIONS)
            return problem_set(r->problem, PZ_USAGE,
                               "'%.40s' is not a condition: vm N, mode M, satp V, retired N, "
                               "process NAME, if EXPR",
                               r->at);
        err = conditions[i].read(r);
    }
    return err;
}

static bool at_condition(const struct reader *r)
{
    for (unsigned i = 0; i < CONDITIONS; i++) {
        const char *at = r->at;

        if (debug_words_take(&at, conditions[i].word))
            return true;
    }
    return false;
}

/* ---- Putting it in its place ---- */

static struct reader reader_of(const struct debug_context *context, const char *words,
                               enum debug_point_kind kind, struct problem *problem)
{
    struct reader r = {.context = context, .at = words, .problem = problem};

    (void)debug_words_left(&r.at);
    r.point.kind = (uint8_t)kind;
    r.point.where.vm = (int)context->vm->id - 1;
    r.point.where.mode = DEBUG_ANY;
    r.point.value = DEBUG_ANY;
    (void)!snprintf(r.point.text, sizeof r.point.text, "%s", r.at);
    return r;
}

static bool is_free(const struct debug_points *points, unsigned i)
{
    return !points->at[i] || !points->at[i]->number;
}

static enum pz_err store(struct debug_points *points, struct reader *r,
                         const struct debug_point **made)
{
    unsigned watches = 0, i = 0;

    for (unsigned k = 0; k < points->used; k++)
        watches += points->at[k]->number && points->at[k]->kind == DEBUG_WATCH;
    if (r->point.kind == DEBUG_WATCH && watches >= DEBUG_WATCHES)
        return problem_set(r->problem, PZ_USAGE,
                           "there are %u watchpoints already: delete some", DEBUG_WATCHES);
    while (i < DEBUG_POINTS && !is_free(points, i))
        i++;
    if (i == DEBUG_POINTS)
        return problem_set(r->problem, PZ_USAGE, "there are already %u points: delete some",
                           DEBUG_POINTS);
    if (!points->at[i] && !(points->at[i] = malloc(sizeof *points->at[i])))
        return problem_memory(r->problem, "a point");
    *points->at[i] = r->point;
    points->at[i]->number = ++points->last_number;
    points->used = points->used > i ? points->used : i + 1;
    points->indexed = false;
    *made = points->at[i];
    return PZ_OK;
}

/* ---- break ---- */

static bool is_symbol(const struct reader *r)
{
    return isalpha((unsigned char)*r->at) || *r->at == '_';
}

static bool find_line(const struct lines *lines, const char *file, uint32_t line,
                      uint32_t *address)
{
    return lines && lines_find(lines, file, line, address);
}

/* The kernel's sources come first. */
static enum pz_err read_line(struct reader *r, const char *file, uint32_t line)
{
    const struct debug_context *context = r->context;
    const char *missing = context->lines ? context->lines->missing : NULL;
    uint32_t *address = &r->point.address;

    r->point.where.mode = HART_SUPERVISOR;
    if (find_line(context->lines, file, line, address))
        return PZ_OK;
    r->point.where.mode = HART_USER;
    if (find_line(context->user_lines, file, line, address))
        return PZ_OK;
    return problem_set(r->problem, PZ_USAGE, "no code is known for %s:%" PRIu32 "%s%s", file,
                       line, missing ? ": " : "", missing ? missing : "");
}

static enum pz_err read_place(struct reader *r)
{
    char file[DEBUG_WORD];
    uint32_t line;

    r->point.has_address = true;
    if (debug_words_line(&r->at, file, &line))
        return read_line(r, file, line);
    if (*r->at == '*')
        r->at++; /* as gdb writes it */
    if (is_symbol(r))
        r->point.where.mode = HART_SUPERVISOR;
    return read_address(r, &r->point.address);
}

enum pz_err debug_points_break(struct debug_points *points, const struct debug_context *context,
                               const char *words, const struct debug_point **made,
                               struct problem *problem)
{
    struct reader r = reader_of(context, words, DEBUG_BREAK, problem);
    enum pz_err err = PZ_OK;

    if (!*r.at)
        return problem_set(
            problem, PZ_USAGE,
            "break where? ADDRESS, a symbol, FILE:LINE, or a condition (help break)");
    if (!at_condition(&r))
        err = read_place(&r);
    if (!err)
        err = read_conditions(&r);
    return err ? err : store(points, &r, made);
}

/* ---- catch ---- */

static const char *const cause_words[CAUSE_EXCEPTIONS] = {
    [CAUSE_INSN_MISALIGNED] = "insn-misaligned",
    [CAUSE_INSN_ACCESS] = "insn-access",
    [CAUSE_ILLEGAL_INSN] = "illegal",
    [CAUSE_BREAKPOINT] = "breakpoint",
    [CAUSE_LOAD_MISALIGNED] = "load-misaligned",
    [CAUSE_LOAD_ACCESS] = "load-access",
    [CAUSE_STORE_MISALIGNED] = "store-misaligned",
    [CAUSE_STORE_ACCESS] = "store-access",
    [CAUSE_ECALL_USER] = "ecall-user",
    [CAUSE_ECALL_SUPERVISOR] = "ecall-supervisor",
    [CAUSE_INSN_PAGE_FAULT] = "insn-page-fault",
    [CAUSE_LOAD_PAGE_FAULT] = "load-page-fault",
    [CAUSE_STORE_PAGE_FAULT] = "store-page-fault",
    [CAUSE_ECALL_VIRTUAL] = "ecall-virtual",
    [CAUSE_INSN_GUEST_PAGE_FAULT] = "insn-guest-page-fault",
    [CAUSE_LOAD_GUEST_PAGE_FAULT] = "load-guest-page-fault",
    [CAUSE_VIRTUAL_INSN] = "virtual-insn",
    [CAUSE_STORE_GUEST_PAGE_FAULT] = "store-guest-page-fault",
};

static enum pz_err bad_cause(struct reader *r)
{
    char names[400] = "";

    for (unsigned i = 0; i < CAUSE_EXCEPTIONS; i++)
        if (cause_words[i])
            (void)!snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
                            names[0] ? ", " : "", cause_words[i]);
    return problem_set(r->problem, PZ_USAGE,
                       "'%.40s' is not a cause: a number, timer, soft, external, %s", r->at,
                       names);
}

/* None is any. */
static enum pz_err read_cause(struct reader *r)
{
    static const struct {
        const char *word;
        uint32_t irq;
    } irqs[] = {{"timer", IRQ_STIMER}, {"soft", IRQ_SSOFT}, {"external", IRQ_SEXT}};
    uint64_t number = 0;
    enum pz_err err;

    if (!debug_words_left(&r->at) || at_condition(r))
        return PZ_OK;
    for (unsigned i = 0; i < 3; i++)
        if (debug_words_take(&r->at, irqs[i].word)) {
            r->point.value = CAUSE_INTERRUPT | irqs[i].irq;
            return PZ_OK;
        }
    for (unsigned i = 0; i < CAUSE_EXCEPTIONS; i++)
        if (cause_words[i] && debug_words_take(&r->at, cause_words[i])) {
            r->point.value = i;
            return PZ_OK;
        }
    if (!isdigit((unsigned char)*r->at))
        return bad_cause(r);
    err = read_value(r, &number);
    r->point.value = (int64_t)number;
    return err;
}

static enum pz_err read_csr(struct reader *r)
{
    const char *at = r->at;
    char word[DEBUG_WORD];

    /* `satp` is taken for the CSR first, and only then for a condition. */
    if (!debug_words_left(&r->at) || (at_condition(r) && !debug_words_take(&at, "satp")))
        return PZ_OK;
    (void)debug_words_next(&r->at, word);
    r->point.value = debug_csr(word, strlen(word));
    if (r->point.value == CSR_NONE)
        return problem_set(r->problem, PZ_USAGE, "'%s' is not a CSR (csrs lists them)", word);
    return PZ_OK;
}

static enum pz_err read_action(struct reader *r)
{
    for (int action = 0; action < TRACE_ACTIONS; action++)
        if (debug_words_take(&r->at, trace_action_name((enum trace_action)action))) {
            r->point.what = DEBUG_CATCH_ACTION;
            r->point.value = action;
            return PZ_OK;
        }
    return problem_set(
        r->problem, PZ_USAGE,
        "catch trap [CAUSE], inject [CAUSE], csr [NAME], switch, end, or what the "
        "monitor did: emulate, interrupt, sbi, fill, mmio, pte-write, "
        "interpret, kill, restart, hypercall; not '%.40s'",
        r->at);
}

static enum pz_err read_catch(struct reader *r)
{
    if (debug_words_take(&r->at, "trap")) {
        r->point.what = DEBUG_CATCH_TRAP;
        return read_cause(r);
    }
    if (debug_words_take(&r->at, "inject")) {
        r->point.what = DEBUG_CATCH_INJECT;
        return read_cause(r);
    }
    if (debug_words_take(&r->at, "csr")) {
        r->point.what = DEBUG_CATCH_CSR;
        return read_csr(r);
    }
    if (debug_words_take(&r->at, "switch")) {
        r->point.what = DEBUG_CATCH_SWITCH;
        r->point.where.vm = DEBUG_ANY;
        return PZ_OK;
    }
    if (debug_words_take(&r->at, "end")) {
        r->point.what = DEBUG_CATCH_END;
        return PZ_OK;
    }
    return read_action(r);
}

enum pz_err debug_points_catch(struct debug_points *points, const struct debug_context *context,
                               const char *words, const struct debug_point **made,
                               struct problem *problem)
{
    struct reader r = reader_of(context, words, DEBUG_CATCH, problem);
    enum pz_err err = read_catch(&r);

    if (!err)
        err = read_conditions(&r);
    return err ? err : store(points, &r, made);
}

/* ---- watch ---- */

static enum pz_err read_length(struct reader *r)
{
    uint64_t len = 4;
    enum pz_err err = PZ_OK;

    if (debug_words_take(&r->at, "len"))
        err = read_value(r, &len);
    if (!err && (!len || len > DEBUG_WATCH_MOST))
        return problem_set(r->problem, PZ_USAGE, "a watchpoint covers 1 to %u bytes",
                           DEBUG_WATCH_MOST);
    r->point.len = (uint32_t)len;
    return err;
}

static enum pz_err read_named(struct reader *r, bool csr)
{
    const char *at;
    size_t len = 0;

    (void)debug_words_left(&r->at);
    for (at = r->at; at[len] && !isspace((unsigned char)at[len]);)
        len++;
    if (csr ? debug_csr(at, len) == CSR_NONE : debug_register(at, len) < 0)
        return problem_set(r->problem, PZ_USAGE, "'%.40s' is not a %s", at,
                           csr ? "CSR (csrs lists them)" : "register (regs lists them)");
    r->point.what = DEBUG_WATCH_EXPR;
    return debug_expr_compile(&r->point.expr, &(struct debug_names){0}, &r->at, false,
                              r->problem);
}

static enum pz_err read_memory(struct reader *r, enum debug_watch what)
{
    uint64_t place = 0;
    enum pz_err err = read_value(r, &place);

    r->point.what = (uint8_t)what;
    r->point.place = place;
    r->point.satp = r->context->vm->cpu->hart.satp;
    r->point.len = 4;
    if (!err && what != DEBUG_WATCH_GPA && place > UINT32_MAX)
        return problem_set(r->problem, PZ_USAGE, "0x%" PRIx64 " is not a virtual address",
                           place);
    if (!err && what != DEBUG_WATCH_PTE)
        err = read_length(r);
    return err;
}

static enum pz_err read_watch(struct reader *r)
{
    if (debug_words_take(&r->at, "csr"))
        return read_named(r, true);
    if (debug_words_take(&r->at, "reg"))
        return read_named(r, false);
    if (debug_words_take(&r->at, "gpa"))
        return read_memory(r, DEBUG_WATCH_GPA);
    if (debug_words_take(&r->at, "pte"))
        return read_memory(r, DEBUG_WATCH_PTE);
    if (debug_words_take(&r->at, "value")) {
        r->point.what = DEBUG_WATCH_EXPR;
        return debug_expr_compile(&r->point.expr, &r->context->names, &r->at, false,
                                  r->problem);
    }
    if (!debug_words_left(&r->at))
        return problem_set(r->problem, PZ_USAGE,
                           "watch what? [gpa] ADDRESS [len N], csr NAME, reg NAME, pte "
                           "ADDRESS, value EXPR");
    return read_memory(r, DEBUG_WATCH_GVA);
}

static bool is_virtual(const struct debug_point *point)
{
    return point->what == DEBUG_WATCH_GVA || point->what == DEBUG_WATCH_PTE;
}

enum pz_err debug_points_watch(struct debug_points *points, const struct debug_context *context,
                               const char *words, const struct debug_point **made,
                               struct problem *problem)
{
    struct reader r = reader_of(context, words, DEBUG_WATCH, problem);
    enum pz_err err = read_watch(&r);

    if (!err)
        err = read_conditions(&r);
    /* If an address space is given, virtual addresses are in that one, whichever is current. */
    if (r.point.where.in_space && is_virtual(&r.point)) {
        r.point.satp = r.point.where.satp;
        r.point.where.in_space = false;
    }
    if (!err && r.point.where.vm == DEBUG_ANY)
        return problem_set(problem, PZ_USAGE, "a watchpoint applies to one VM: vm N, not any");
    return err ? err : store(points, &r, made);
}
