/* SPDX-License-Identifier: GPL-2.0-or-later */
/* say.c - describes positions and stops, as text and as data. */
#include "tools/debug/say.h"

#include <inttypes.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/debug/source.h"

const char *debug_name(const struct debug *debug, unsigned who, unsigned mode, uint32_t address,
                       char text[DEBUG_NAME])
{
    const struct symbols *symbols = debug_source_symbols(debug, who, mode);
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

void debug_say_place(struct debug *debug)
{
    const struct hart *hart = debug_hart(debug);
    char name[DEBUG_NAME], insn[DISASM_TEXT] = "not mapped", line[DEBUG_LINE];
    uint32_t raw;

    if (debug_fetch(debug, hart->pc, &raw))
        (void)debug_insn(debug, raw, hart->pc, insn);
    fprintf(debug->out, "=> 0x%08" PRIx32 "%s%s: %s\n", hart->pc,
            debug_name(debug, debug_self(debug), hart->mode, hart->pc, name),
            debug_line(debug, debug_self(debug), hart->mode, hart->pc, line), insn);
    debug_json_line(debug, debug->data, debug_self(debug), hart->mode, hart->pc);
    json_put_number(debug->data, "pc", hart->pc);
    json_put_text(debug->data, "symbol", name[0] ? name + 1 : "");
    json_put_text(debug->data, "insn", insn);
}

#define LABEL 11u
#define COLUMNS 79u
#define COLUMNS_LEAST 32u
#define SENTENCE 512u

unsigned debug_columns(void)
{
    unsigned width = terminal_width(STDOUT_FILENO);

    return width && width < COLUMNS_LEAST ? COLUMNS_LEAST : width;
}

void debug_say_wrapped(FILE *out, const char *label, const char *text)
{
    unsigned width = debug_columns();
    char sentence[SENTENCE];

    (void)!snprintf(sentence, sizeof sentence, "%s.", text);
    fprintf(out, "%-*s", (int)LABEL, label);
    text_wrap(out, sentence, LABEL, LABEL, width && width <= COLUMNS ? width - 1 : COLUMNS);
}

/* Says what made the change. */
static void say_by(struct debug *debug, const struct debug_point *point)
{
    char name[DEBUG_NAME], insn[DISASM_TEXT];
    uint32_t raw;

    if (point->by_turn) {
        fprintf(debug->out, "  by a turn: it is cpu%u's now\n", point->cpu);
        json_put_number(debug->data, "by_cpu", point->cpu);
        return;
    }
    fprintf(debug->out, "  by 0x%08" PRIx32 "%s: %s\n", point->by,
            debug_name(debug, debug->vm, point->by_mode, point->by, name),
            debug_fetch(debug, point->by, &raw) ? debug_insn(debug, raw, point->by, insn)
                                                : "not mapped now");
    json_put_number(debug->data, "by", point->by);
}

static void say_watched(struct debug *debug, const struct debug_point *point)
{
    const char *arrow = text_utf8() ? "\u2192" : "->";
    char was[32] = "unmapped", now[32] = "unmapped";

    if (point->was_known)
        (void)!snprintf(was, sizeof was, "0x%" PRIx64, point->was);
    if (point->known)
        (void)!snprintf(now, sizeof now, "0x%" PRIx64, point->now);
    fprintf(debug->out, "  %s: %s %s %s\n", point->text, was, arrow, now);
    say_by(debug, point);
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
        [DEBUG_ENDED] = {"ended", "the run is over: no VM is alive ('back' goes back)"},
        [DEBUG_BEGAN] = {"began", "this is the beginning of the run"},
        [DEBUG_DIVERGED] = {"diverged", "this differs from the recorded run"},
    };
    const struct vm *vm = debug_vm(debug);

    debug->cpu = debug->level = 0;
    json_put_text(debug->data, "stop", stops[debug->stop].word);
    if (debug->stop == DEBUG_ENDED && vm_alive(vm) && debug->options->recording)
        fputs("the recording ends here ('back' goes back)\n", debug->out);
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
