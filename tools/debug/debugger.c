/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debugger.c - opening and closing a debugger, and what its commands all say in the same way. */
#include "tools/debug/debugger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/memory.h"
#include "tools/debug/run.h"
#include "tools/debug/source.h"
#include "tools/debug/words.h"

/* ---- The timeline's world ---- */

static int console_in(void *owner, unsigned vm)
{
    struct debug *debug = owner;

    return input_next(&debug->inputs[vm]);
}

/* Whole lines are shown as they come, a prompt at the latest when the machine stops. */
static void console_out(void *owner, unsigned vm, const uint8_t *bytes, uint32_t len)
{
    struct debug *debug = owner;

    consoles_put(&debug->consoles, vm, bytes, len);
    debug->midline = len && bytes[len - 1] != '\n';
    if (memchr(bytes, '\n', len))
        consoles_flush(&debug->consoles);
}

static void told(void *owner, const struct trace_event *event)
{
    debug_told(owner, event);
}

/* ---- Opening ---- */

static enum pz_err open_inputs(struct debug *debug, struct problem *problem)
{
    const struct options *options = debug->options;
    enum pz_err err = PZ_OK;

    debug->inputs = calloc(debug->options->vms, sizeof *debug->inputs);
    if (!debug->inputs)
        return problem_memory(problem, "the consoles");
    for (unsigned vm = 0; !err && vm < debug->options->vms; vm++) {
        const char *path = options_word(&options->inputs, vm, NULL);

        input_empty(&debug->inputs[vm], debug->live);
        /* Standard input is the debugger's own. */
        if (path && !strcmp(path, "-"))
            err = problem_set(problem, PZ_USAGE,
                              "--input -: standard input has the debugger's commands; give "
                              "the guest a file, or 'type' at its console");
        else if (path)
            err = input_open(&debug->inputs[vm], path, debug->live, problem);
    }
    return err;
}

static enum pz_err open_consoles(struct debug *debug, struct problem *problem)
{
    const struct options *options = debug->options;
    bool color =
        options->color == COLOR_ALWAYS || (options->color == COLOR_AUTO && terminal_colors(1));
    struct consoles_style style = {
        .keep = options->json, .prefix = debug->options->vms > 1, .color = color};

    return consoles_open(&debug->consoles, stdout, (unsigned)debug->options->vms, style,
                         problem);
}

static enum pz_err open_timeline(struct debug *debug, struct problem *problem)
{
    struct timeline_config config = {
        .options = debug->options,
        .recording = debug->options->recording,
        .checkpoint_mem = debug->options->checkpoint_mem,
        .interval = debug->options->checkpoint_every,
        .hosts = {.console_in = console_in,
                  .console_out = console_out,
                  .trace = told,
                  .owner = debug},
    };
    enum pz_err err = timeline_open(&debug->timeline, &config, problem);

    if (err)
        return err;
    debug->machine = timeline_machine(debug->timeline);
    timeline_tell(debug->timeline, false);
    return debug_source_open(debug, problem);
}

enum pz_err debug_open(struct debug *debug, const struct options *options, bool live,
                       struct problem *problem)
{
    enum pz_err err;

    memset(debug, 0, sizeof *debug);
    debug->options = options;
    debug->live = live;
    disasm_open(&debug->disasm, true);
    debug->disasm.variants = options->variants;
    err = open_consoles(debug, problem);
    if (!err)
        err = open_inputs(debug, problem);
    if (!err)
        err = debug_log_open(&debug->log, problem);
    if (!err)
        err = open_timeline(debug, problem);
    return err;
}

void debug_close(struct debug *debug)
{
    debug_source_close(debug);
    timeline_close(debug->timeline);
    debug_log_close(&debug->log);
    for (unsigned vm = 0; debug->inputs && vm < debug->options->vms; vm++)
        input_close(&debug->inputs[vm]);
    free(debug->inputs);
    consoles_close(&debug->consoles);
    disasm_close(&debug->disasm);
}

enum pz_err debug_edited(struct debug *debug, struct problem *problem)
{
    debug->inside = 0;
    debug->record.vm = NULL;
    debug->log.count = 0;
    return timeline_edited(debug->timeline, problem);
}

/* ---- What commands speak of ---- */

struct vm *debug_vm(const struct debug *debug)
{
    return &debug->machine->vms[debug->vm];
}

const struct hart *debug_hart(const struct debug *debug)
{
    const struct debug_record *record = &debug->record;

    if (!debug->inside || record->steps[debug->inside - 1].vm != debug->vm + 1)
        return &debug_vm(debug)->cpu->hart;
    return &record->steps[debug->inside - 1].after.hart;
}

struct debug_scope debug_scope(const struct debug *debug)
{
    return (struct debug_scope){debug_vm(debug), debug_hart(debug)};
}

const struct symbols *debug_symbols(const struct debug *debug)
{
    return &machine_image(debug->machine, debug->vm)->symbols;
}

const char *debug_mode(unsigned mode)
{
    return mode == HART_SUPERVISOR ? "supervisor" : "user";
}

const char *debug_name(const struct debug *debug, unsigned vm, unsigned mode, uint32_t address,
                       char text[DEBUG_NAME])
{
    const struct symbols *symbols = debug_source_symbols(debug, vm, mode);
    uint32_t offset;
    const char *name = symbols_find(symbols, address, &offset);

    text[0] = 0;
    if (!name)
        return text;
    if (offset)
        (void)!snprintf(text, DEBUG_NAME, " (%.60s+0x%" PRIx32 ")", name, offset);
    else
        (void)!snprintf(text, DEBUG_NAME, " (%.60s)", name);
    return text;
}

const char *debug_insn(const struct debug *debug, uint32_t raw, uint32_t pc,
                       char text[DISASM_TEXT])
{
    (void)disasm_text(&debug->disasm, raw, pc, text, DISASM_TEXT);
    for (char *at = text; *at; at++)
        if (*at == '\t')
            *at = ' ';
    return text;
}

bool debug_fetch(const struct debug *debug, uint32_t va, uint32_t *raw)
{
    uint32_t satp = debug_hart(debug)->satp;
    uint16_t low, high = 0;

    if (!debug_read_gva(debug_vm(debug), satp, va, &low, sizeof low))
        return false;
    if (insn_is_wide(low) && !debug_read_gva(debug_vm(debug), satp, va + 2, &high, sizeof high))
        return false;
    *raw = (uint32_t)high << 16 | low;
    return true;
}

void debug_prompt(const struct debug *debug, char text[DEBUG_PROMPT])
{
    const struct hart *hart = debug_hart(debug);
    char number[TEXT_NUMBER], inside[32] = "";

    if (debug->inside)
        (void)!snprintf(inside, sizeof inside, " step %u/%u", debug->inside,
                        debug->record.count);
    (void)!snprintf(text, DEBUG_PROMPT, "(pz vm%u %s %s%s) ", debug->vm, debug_mode(hart->mode),
                    text_grouped(hart->retired, number), inside);
}

/* ---- What commands say ---- */

void debug_say_place(struct debug *debug)
{
    const struct hart *hart = debug_hart(debug);
    char name[DEBUG_NAME], insn[DISASM_TEXT] = "not mapped", line[DEBUG_LINE];
    uint32_t raw;

    if (debug_fetch(debug, hart->pc, &raw))
        (void)debug_insn(debug, raw, hart->pc, insn);
    fprintf(debug->out, "=> 0x%08" PRIx32 "%s%s: %s\n", hart->pc,
            debug_name(debug, debug->vm, hart->mode, hart->pc, name),
            debug_line(debug, debug->vm, hart->mode, hart->pc, line), insn);
    debug_json_line(debug, debug->data, debug->vm, hart->mode, hart->pc);
    json_put_number(debug->data, "pc", hart->pc);
    json_put_text(debug->data, "symbol", name[0] ? name + 1 : "");
    json_put_text(debug->data, "insn", insn);
}

static void say_watched(struct debug *debug, const struct debug_point *point)
{
    const char *arrow = text_utf8() ? "\u2192" : "->";
    char was[32] = "unmapped", now[32] = "unmapped", name[DEBUG_NAME], insn[DISASM_TEXT];
    uint32_t raw;

    if (point->was_known)
        (void)!snprintf(was, sizeof was, "0x%" PRIx64, point->was);
    if (point->known)
        (void)!snprintf(now, sizeof now, "0x%" PRIx64, point->now);
    fprintf(debug->out, "  %s: %s %s %s\n", point->text, was, arrow, now);
    fprintf(debug->out, "  by 0x%08" PRIx32 "%s: %s\n", point->by,
            debug_name(debug, debug->vm, point->by_mode, point->by, name),
            debug_fetch(debug, point->by, &raw) ? debug_insn(debug, raw, point->by, insn)
                                                : "not mapped now");
    json_put_number(debug->data, "by", point->by);
    json_put_text(debug->data, "was", was);
    json_put_text(debug->data, "now", now);
}

static void say_hit(struct debug *debug)
{
    const struct debug_point *point = debug->hit;

    fprintf(debug->out, "%s %u in vm%u: %s\n", debug_point_kind_name(point->kind),
            point->number, debug->vm, point->text);
    json_put_text(debug->data, "kind", debug_point_kind_name(point->kind));
    json_put_number(debug->data, "point", point->number);
    if (point->kind == DEBUG_WATCH)
        say_watched(debug, point);
}

void debug_say_stop(struct debug *debug)
{
    static const struct {
        const char *word, *text;
    } stops[] = {
        [DEBUG_STEPPED] = {"stepped", NULL},
        [DEBUG_POINT] = {"point", NULL},
        [DEBUG_SIGNAL] = {"interrupted", "interrupted"},
        [DEBUG_WAITING] = {"waiting", "no VM can run: all are paused"},
        [DEBUG_ENDED] = {"ended", "the run is over: no VM is alive ('back' goes back into it)"},
        [DEBUG_BEGAN] = {"began", "this is the beginning of the run"},
        [DEBUG_DIVERGED] = {"diverged", "this is not the run that was recorded"},
    };
    const struct vm *vm = debug_vm(debug);

    json_put_text(debug->data, "stop", stops[debug->stop].word);
    if (debug->stop == DEBUG_ENDED && vm_alive(vm) && debug->options->recording)
        fputs("the recording ends here ('back' goes back into it)\n", debug->out);
    else if (stops[debug->stop].text)
        fprintf(debug->out, "%s\n", stops[debug->stop].text);
    if (debug->stop == DEBUG_DIVERGED)
        fprintf(debug->out, "%s\n", timeline_problem(debug->timeline));
    if (debug->stop == DEBUG_POINT && debug->hit)
        say_hit(debug);
    if (!vm_alive(vm))
        fprintf(debug->out, "vm%u: %s\n", debug->vm, vm_end_text((enum vm_end)vm->end));
    debug_say_place(debug);
}

/* ---- What commands are told ---- */

enum pz_err debug_evaluate(const struct debug *debug, const char *text, uint64_t *value,
                           struct problem *problem)
{
    struct debug_scope scope = debug_scope(debug);
    struct debug_expr expr;
    enum pz_err err = debug_expr_compile(&expr, debug_symbols(debug), &text, true, problem);

    if (!err && !debug_expr_value(&expr, &scope, value))
        return problem_set(problem, PZ_USAGE,
                           "'%s' has no value here: its memory is not mapped, or it divides "
                           "by zero",
                           expr.text);
    return err;
}

enum pz_err debug_address(const struct debug *debug, const char *text, uint32_t *address,
                          struct problem *problem)
{
    uint64_t value = 0;
    enum pz_err err = debug_evaluate(debug, text, &value, problem);

    if (!err && value > UINT32_MAX)
        return problem_set(problem, PZ_USAGE, "0x%" PRIx64 " is no 32-bit address", value);
    *address = (uint32_t)value;
    return err;
}

enum pz_err debug_count(const struct debug *debug, const char *text, uint64_t *count,
                        struct problem *problem)
{
    enum pz_err err = PZ_OK;

    *count = 1;
    if (debug_words_left(&text))
        err = debug_evaluate(debug, text, count, problem);
    if (!err && !*count)
        return problem_set(problem, PZ_USAGE, "how often? From 1 on");
    return err;
}
