/* SPDX-License-Identifier: GPL-2.0-or-later */
/* views.c - commands that show registers, memory and code. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/locals.h"
#include "tools/debug/memory.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"
#include "tools/debug/typed.h"
#include "tools/debug/words.h"
#include "tools/show/show.h"

static enum pz_err takes_none(const char *words, const char *name, struct problem *problem)
{
    return *words ? problem_set(problem, PZ_USAGE, "%s takes no arguments", name) : PZ_OK;
}

/* ---- Registers ---- */

enum pz_err debug_regs(struct debug *debug, const char *words, struct problem *problem)
{
    const struct hart *hart = debug_hart(debug);

    if (takes_none(words, "regs", problem))
        return PZ_USAGE;
    for (unsigned i = 0; i < 32; i++) {
        fprintf(debug->out, "%-4s 0x%08" PRIx32 "%s", format_reg(i), hart->x[i],
                i % 4 == 3 ? "\n" : "   ");
        json_put_number(debug->data, format_reg(i), hart->x[i]);
    }
    fprintf(debug->out, "pc   0x%08" PRIx32 "   mode %s   retired %" PRIu64 "\n", hart->pc,
            debug_mode(hart->mode), hart->retired);
    if (hart->reservation.valid)
        fprintf(debug->out,
                "lr.w has reserved 0x%08" PRIx32 ", where it read 0x%08" PRIx32 "\n",
                hart->reservation.va, hart->reservation.value);
    json_put_number(debug->data, "pc", hart->pc);
    json_put_text(debug->data, "mode", debug_mode(hart->mode));
    json_put_number(debug->data, "retired", hart->retired);
    return PZ_OK;
}

static void add_csr(struct debug *debug, struct table *table, json_t *reals, const char *name,
                    uint32_t believed, const char *real)
{
    table_add(table, "%s\t0x%08" PRIx32 "\t%s", name, believed, real);
    json_put_number(debug->data, name, believed);
    json_put_text(reals, name, real);
}

/* The value on the CPU of a level's monitor while its guest runs. */
static void level_csr(const struct debug *debug, enum csr_id id, char text[80])
{
    const struct level *level = &debug->levels.of[debug->level];

    if (id == CSR_satp)
        (void)!snprintf(text, 80, "0x%08" PRIx32 " (the shadow's root, of level %u)",
                        level->shadow, debug->level - 1);
    else
        (void)!snprintf(text, 80, "level %u's own", debug->level - 1);
}

/* The real CPU's counterpart of a guest's CSR. */
static void real_csr(const struct debug *debug, enum csr_id id, char text[80])
{
    const struct vm *vm = debug_vm(debug);
    const struct engine *engine = debug->machine->engine.engine;
    bool has_cpu = debug->machine->vmm.current == vm;

    if (debug->level) {
        level_csr(debug, id, text);
        return;
    }
    if (vm->config.monitor == VM_ASSIST) {
        (void)!snprintf(text, 80, "the same: the guest's own");
        return;
    }
    switch (id) {
    case CSR_satp:
        if (has_cpu)
            (void)!snprintf(text, 80, "0x%08" PRIx32 " (the shadow's root)",
                            engine->space.root);
        else
            (void)!snprintf(text, 80, "another VM has the CPU");
        break;
    case CSR_stvec:
        (void)!snprintf(text, 80, "0x%08" PRIx32 " (the monitor: every trap is its own)",
                        vm->variant.real_stvec);
        break;
    case CSR_sstatus:
        (void)!snprintf(text, 80, "0x%08" PRIx32 " (SUM and MXR are in the shadow)",
                        vm->variant.real_sstatus);
        break;
    case CSR_sie:
    case CSR_sip: (void)!snprintf(text, 80, "the CPU stops at the deadline, by count"); break;
    case CSR_scounteren: (void)!snprintf(text, 80, "0x00000000 (the counters trap)"); break;
    default: (void)!snprintf(text, 80, "not loaded: the guest cannot reach it"); break;
    }
}

enum pz_err debug_csrs(struct debug *debug, const char *words, struct problem *problem)
{
    const struct hart *hart = debug_hart(debug);
    struct table table;
    json_t *reals;

    if (takes_none(words, "csrs", problem))
        return PZ_USAGE;
    reals = json_object();
    table_init(&table, "lll");
    table_add(&table, "CSR\tvirtual\t%s",
              debug->level ? "on the CPU of the level below" : "real");
    table_add(&table, "mode\t%s\t%s", debug_mode(hart->mode),
              debug_vm(debug)->config.monitor == VM_ASSIST && !debug->level
                  ? "the same, in non-root mode"
                  : "user");
    json_put_text(debug->data, "mode", debug_mode(hart->mode));
    for (int id = 0; id < CSR_COUNT; id++) {
        char real[80];

        real_csr(debug, (enum csr_id)id, real);
        add_csr(debug, &table, reals, csr_desc((enum csr_id)id)->name,
                csr_read(hart, (enum csr_id)id), real);
    }
    json_put(debug->data, "real", reals);
    json_put_number(debug->data, "real_root", debug->machine->engine.engine->space.root);
    table_print(&table, debug->out, 0, 0);
    return PZ_OK;
}

enum pz_err debug_print(struct debug *debug, const char *words, struct problem *problem)
{
    uint64_t value = 0;
    struct debug_expr expr;
    struct debug_names names = debug_names_here(debug);
    enum pz_err err = debug_expr_compile(&expr, &names, &words, true, problem);
    char name[DEBUG_NAME] = "";

    if (!err && debug_typed(debug, &expr))
        return debug_print_typed(debug, &expr, problem);
    if (!err)
        err = debug_value(debug, &expr, &value, problem);
    if (err)
        return err;
    /* Small numbers are rarely addresses. */
    if (value >= PAGE_SIZE && value <= UINT32_MAX)
        (void)debug_name(debug, debug_self(debug), HART_SUPERVISOR, (uint32_t)value, name);
    fprintf(debug->out, "0x%" PRIx64 " = %" PRIu64 "%s\n", value, value, name);
    json_put_number(debug->data, "value", value);
    return PZ_OK;
}

/* ---- Memory ---- */

#define EXAMINE_MOST 1024u
#define STRING_MOST 256u

struct examine {
    struct debug *debug;
    uint64_t count;
    char format;
    bool physical;
    uint32_t at;
    json_t *values;
};

static bool read_at(const struct examine *examine, uint32_t at, void *buffer, uint32_t len)
{
    const struct debug *debug = examine->debug;

    struct phys eyes = debug_memory(debug);

    if (examine->physical)
        return debug_look_gpa(&eyes, at, buffer, len);
    return debug_read(debug, debug_hart(debug)->satp, at, buffer, len);
}

static bool show_insn(struct examine *examine)
{
    struct debug *debug = examine->debug;
    char name[DEBUG_NAME], insn[DISASM_TEXT], line[DEBUG_LINE];
    unsigned mode = debug_hart(debug)->mode;
    uint32_t raw = 0;

    if (!read_at(examine, examine->at, &raw, 2) ||
        (insn_is_wide(raw) && !read_at(examine, examine->at, &raw, 4)))
        return false;
    fprintf(debug->out, "%s 0x%08" PRIx32 "%s%s: %s\n",
            examine->at == debug_hart(debug)->pc ? "=>" : "  ", examine->at,
            debug_name(debug, debug_self(debug), mode, examine->at, name),
            debug_line(debug, debug_self(debug), mode, examine->at, line),
            debug_insn(debug, raw, examine->at, insn));
    (void)json_array_append_new(examine->values, json_string(insn));
    examine->at += insn_is_wide(raw) ? 4 : 2;
    return true;
}

static bool show_string(struct examine *examine)
{
    char text[STRING_MOST];
    unsigned len = 0;

    while (len < STRING_MOST) {
        if (!read_at(examine, examine->at + len, &text[len], 1))
            return false;
        if (!text[len++])
            break;
    }
    fprintf(examine->debug->out, "0x%08" PRIx32 ": \"", examine->at);
    for (unsigned i = 0; i < len && text[i]; i++)
        fprintf(examine->debug->out, isprint((unsigned char)text[i]) ? "%c" : "\\x%02x",
                (unsigned char)text[i]);
    fputs("\"\n", examine->debug->out);
    (void)json_array_append_new(examine->values, json_bytes(text, strnlen(text, len)));
    examine->at += len;
    return true;
}

static bool show_number(struct examine *examine, unsigned width, unsigned in_line, uint64_t i)
{
    FILE *out = examine->debug->out;
    uint32_t value = 0;

    if (!read_at(examine, examine->at, &value, width))
        return false;
    if (i % in_line == 0)
        fprintf(out, "%s0x%08" PRIx32 ":", i ? "\n" : "", examine->at);
    if (examine->format == 'd')
        fprintf(out, " %11" PRId32, (int32_t)value);
    else
        fprintf(out, " %s%0*" PRIx32, width == 1 ? "" : "0x", (int)(2 * width), value);
    (void)json_array_append_new(examine->values, json_integer(value));
    examine->at += width;
    return true;
}

static bool show(struct examine *examine, uint64_t i)
{
    switch (examine->format) {
    case 'i': return show_insn(examine);
    case 's': return show_string(examine);
    case 'b': return show_number(examine, 1, 16, i);
    case 'h': return show_number(examine, 2, 8, i);
    default: return show_number(examine, 4, 4, i);
    }
}

static enum pz_err show_all(struct examine *examine, struct problem *problem)
{
    struct debug *debug = examine->debug;
    bool numbers = !strchr("is", examine->format);
    uint64_t i = 0;

    examine->values = json_array();
    json_put_number(debug->data, "address", examine->at);
    while (i < examine->count && show(examine, i))
        i++;
    if (numbers && i)
        fputc('\n', debug->out);
    json_put(debug->data, "values", examine->values);
    debug->next_address = examine->at;
    debug->next_format = examine->format;
    if (i)
        return PZ_OK;
    return problem_set(problem, PZ_FAILED, "0x%08" PRIx32 " is %s", examine->at,
                       examine->physical ? "not RAM" : "not mapped, or not to RAM");
}

static enum pz_err read_format(struct examine *examine, const char **words,
                               struct problem *problem)
{
    char word[DEBUG_WORD];
    const char *at = word + 1;

    if (**words != '/')
        return PZ_OK;
    (void)debug_words_next(words, word);
    if (isdigit((unsigned char)*at))
        for (examine->count = 0; isdigit((unsigned char)*at) && examine->count <= EXAMINE_MOST;)
            examine->count = examine->count * 10 + (uint64_t)(*at++ - '0');
    if (*at && strchr("xdbhsi", *at))
        examine->format = *at++;
    if (*at || !examine->count || examine->count > EXAMINE_MOST)
        return problem_set(problem, PZ_USAGE,
                           "'%s' is not a format: /COUNT and one of x d b h s i, at most %u",
                           word, EXAMINE_MOST);
    return PZ_OK;
}

enum pz_err debug_examine(struct debug *debug, const char *words, struct problem *problem)
{
    struct examine examine = {.debug = debug,
                              .count = 1,
                              .format = debug->next_format ? debug->next_format : 'x',
                              .at = debug->next_address};
    enum pz_err err = read_format(&examine, &words, problem);

    if (err)
        return err;
    examine.physical = debug_words_take(&words, "gpa");
    if (debug_words_left(&words))
        err = debug_address(debug, words, &examine.at, problem);
    return err ? err : show_all(&examine, problem);
}

enum pz_err debug_dis(struct debug *debug, const char *words, struct problem *problem)
{
    struct examine examine = {
        .debug = debug, .count = 10, .format = 'i', .at = debug_hart(debug)->pc};
    enum pz_err err = PZ_OK;

    if (*words)
        err = debug_place(debug, words, &examine.at, problem);
    return err ? err : show_all(&examine, problem);
}
