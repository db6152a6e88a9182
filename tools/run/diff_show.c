/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff_show.c - shows where two runs diverge, for people and for programs: the instruction, and
 * what differs after it: registers, CSRs, devices, memory, what was typed and printed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/run/diff.h"
#include "tools/show/show.h"
#include "vmm/board/state.h"

#define WORDS_MOST 8u  /* of memory that are shown */
#define LINE_MOST 160u /* bytes of a console's last line */

/* Both are made, one is printed. */
struct show {
    struct diff *diff;
    unsigned vm;
    FILE *out;
    json_t *document;
    json_t *fields;
};

static struct debug *side(const struct show *show, unsigned i)
{
    return show->diff->sides[i].debug;
}

static struct vm *vm_of(const struct show *show, unsigned i)
{
    return &side(show, i)->machine->vms[show->vm];
}

/* ---- What differs ---- */

static void field(struct show *show, const char *name, uint64_t a, uint64_t b)
{
    if (a == b)
        return;
    fprintf(show->out, "  %-24s 0x%08" PRIx64 "    0x%08" PRIx64 "\n", name, a, b);
    json_put(show->fields, name, json_pack("[I, I]", (json_int_t)a, (json_int_t)b));
}

/* A CPU's registers; with several, its number stands in front of their names. */
static void registers_of(struct show *show, unsigned cpu, bool several)
{
    const struct hart *a = &vm_of(show, 0)->vcpus[cpu].hart;
    const struct hart *b = &vm_of(show, 1)->vcpus[cpu].hart;
    const struct {
        const char *name;
        uint64_t a, b;
    } others[] = {
        {"pc", a->pc, b->pc}, {"mode", a->mode, b->mode}, {"retired", a->retired, b->retired}};
    char prefix[16] = "", name[40];

    if (several)
        (void)!snprintf(prefix, sizeof prefix, "cpu%u.", cpu);
    for (unsigned i = 1; i < 32; i++) {
        (void)!snprintf(name, sizeof name, "%s%s", prefix, format_reg(i));
        field(show, name, a->x[i], b->x[i]);
    }
    for (unsigned id = 0; id < CSR_COUNT; id++) {
        (void)!snprintf(name, sizeof name, "%s%s", prefix, csr_desc((enum csr_id)id)->name);
        field(show, name, csr_read(a, (enum csr_id)id), csr_read(b, (enum csr_id)id));
    }
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
        (void)!snprintf(name, sizeof name, "%s%s", prefix, others[i].name);
        field(show, name, others[i].a, others[i].b);
    }
}

static void registers(struct show *show)
{
    unsigned a = vm_of(show, 0)->board.harts.count, b = vm_of(show, 1)->board.harts.count;

    field(show, "cpus", a, b);
    for (unsigned cpu = 0; cpu < a && cpu < b; cpu++)
        registers_of(show, cpu, a > 1);
    field(show, "end", vm_of(show, 0)->end, vm_of(show, 1)->end);
}

/* Devices' state by name: both boards have the same parts, or what is fitted differs. */
static void devices(struct show *show)
{
    struct state_part a, b;
    char name[64];

    for (unsigned i = 0;
         board_part(&vm_of(show, 0)->board, i, &a) && board_part(&vm_of(show, 1)->board, i, &b);
         i++)
        for (const struct state_field *at = a.fields; at->name && a.fields == b.fields; at++)
            for (unsigned k = 0; k < at->count; k++) {
                (void)!snprintf(name, sizeof name, at->count > 1 ? "%s%u.%s[%u]" : "%s%u.%s",
                                a.name, a.index, at->name, k);
                field(show, name, state_get(a.at, at, k), state_get(b.at, at, k));
            }
}

static void word(struct show *show, json_t *list, uint64_t gpa, const uint32_t values[2])
{
    fprintf(show->out, "  memory gpa 0x%08" PRIx64 "    0x%08" PRIx32 "    0x%08" PRIx32 "\n",
            gpa, values[0], values[1]);
    (void)json_array_append_new(list,
                                json_pack("{s:I, s:[I, I]}", "gpa", (json_int_t)gpa, "values",
                                          (json_int_t)values[0], (json_int_t)values[1]));
}

/* Words of one page. */
static uint64_t page(struct show *show, json_t *list, uint64_t gpa, const uint8_t *a,
                     const uint8_t *b)
{
    uint64_t differ = 0;

    for (uint32_t at = 0; at < PAGE_SIZE; at += 4) {
        uint32_t values[2];

        memcpy(&values[0], a + at, 4);
        memcpy(&values[1], b + at, 4);
        if (values[0] == values[1])
            continue;
        differ++;
        if (json_array_size(list) < WORDS_MOST)
            word(show, list, gpa + at, values);
    }
    return differ;
}

static void memory(struct show *show)
{
    static uint8_t a[PAGE_SIZE], b[PAGE_SIZE];
    const struct pmap *pmap = &vm_of(show, 0)->pmap;
    json_t *list = json_array();
    uint64_t words = 0;

    for (uint64_t gpa = pmap->base; gpa < pmap->base + pmap->size; gpa += PAGE_SIZE)
        if (debug_read_gpa(vm_of(show, 0), gpa, a, PAGE_SIZE) &&
            debug_read_gpa(vm_of(show, 1), gpa, b, PAGE_SIZE) && memcmp(a, b, PAGE_SIZE))
            words += page(show, list, gpa, a, b);
    if (words > json_array_size(list))
        fprintf(show->out, "  memory: %" PRIu64 " words differ\n", words);
    json_put(show->document, "memory_words", json_integer((json_int_t)words));
    json_put(show->document, "memory", list);
}

/* ---- Places ---- */

static void place(struct show *show, unsigned i, json_t *to)
{
    struct debug *debug = side(show, i);

    debug->out = show->out;
    debug->data = to;
    debug->vm = show->vm;
    debug_say_place(debug);
    json_put_text(to, "mode", debug_mode(debug_hart(debug)->mode));
    json_put_number(to, "retired", vm_retired(debug_vm(debug)));
    debug->out = NULL;
    debug->data = NULL;
}

/* The end of what a side has printed, from its last line on. */
static json_t *console(struct show *show, unsigned i)
{
    size_t len, from;
    const char *text = (const char *)timeline_console(side(show, i)->timeline, show->vm, &len);

    for (from = len; from && len - from < LINE_MOST && (from == len || text[from - 1] != '\n');)
        from--;
    return json_bytes(text ? text + from : "", len - from);
}

/* The last byte that a side has taken of what was typed. */
static int last_typed(const struct show *show, unsigned i)
{
    const struct recording_list *list = &show->diff->sides[i].recording.lists[RECORDING_INPUTS];
    const struct recording_input *rows = recording_inputs(list);
    int byte = -1;

    for (size_t k = 0; k < list->count; k++)
        if (rows[k].vm == show->vm &&
            rows[k].retired < playback_retired(&show->diff->sides[i], show->vm))
            byte = rows[k].byte == RECORDING_ENDED ? -1 : (int)rows[k].byte;
    return byte;
}

static void last_words(struct show *show, json_t *row, unsigned i)
{
    int byte = last_typed(show, i);
    json_t *text = console(show, i);
    char *quoted = json_dumps(text, JSON_ENCODE_ANY);

    if (byte > ' ' && byte < 127)
        fprintf(show->out, "  last typed: '%c'\n", byte);
    else if (byte >= 0)
        fprintf(show->out, "  last typed: byte %d\n", byte);
    fprintf(show->out, "  console: %s\n", quoted ? quoted : "");
    free(quoted);
    if (byte >= 0)
        json_put_number(row, "typed", (uint64_t)byte);
    json_put(row, "console", text);
}

/* Both sides where they are now, and what differs. */
static void both(struct show *show)
{
    const struct diff_vm *found = &show->diff->vms[show->vm];
    json_t *list = json_array();

    for (unsigned i = 0; i < DIFF_SIDES; i++) {
        json_t *row = json_object();
        enum vm_end end = (enum vm_end)vm_of(show, i)->end;

        json_put_text(row, "recording", show->diff->sides[i].name);
        json_put_number(row, "ends_at", found->end[i]);
        fprintf(show->out, "%s:\n  ", show->diff->sides[i].name);
        place(show, i, row);
        json_put_text(row, "end", outcome_end(end));
        if (!vm_alive(vm_of(show, i)))
            fprintf(show->out, "  vm%u: %s\n", show->vm, vm_end_text(end));
        last_words(show, row, i);
        (void)json_array_append_new(list, row);
    }
    json_put(show->document, "sides", list);
    show->fields = json_object();
    fprintf(show->out, "what differs, in the first and in the second:\n");
    registers(show);
    devices(show);
    json_put(show->document, "fields", show->fields);
    memory(show);
}

/* ---- How they part ---- */

/* The next instruction makes the difference: it is shown as it stands, then what it left. */
static enum pz_err part_at_insn(struct show *show, struct problem *problem)
{
    const struct diff_vm *found = &show->diff->vms[show->vm];
    json_t *insn = json_object();
    enum pz_err err = diff_goto(show->diff, show->vm, found->at, problem);

    if (!err) {
        place(show, 0, insn);
        json_put(show->document, "insn", insn);
        err = diff_goto(show->diff, show->vm, found->at + 1, problem);
    }
    if (!err) {
        fputs("is the last instruction that both come to in the same state. Behind it\n",
              show->out);
        both(show);
    }
    return err;
}

/* No more instructions that both have: how each goes on from there. */
static enum pz_err part_later(struct show *show, struct problem *problem)
{
    const struct diff_vm *found = &show->diff->vms[show->vm];
    enum pz_err err = diff_goto(show->diff, show->vm, found->at, problem);

    for (unsigned i = 0; !err && i < DIFF_SIDES; i++)
        if (found->end[i] == found->at)
            err = playback_end(&show->diff->sides[i], problem);
    if (err)
        return err;
    for (unsigned i = 0; i < DIFF_SIDES; i++)
        fprintf(show->out, "%s: %s after %" PRIu64 " instructions\n", show->diff->sides[i].name,
                found->end[i] == found->at ? "ends" : "goes on, and ends", found->end[i]);
    both(show);
    return PZ_OK;
}

static enum pz_err part(struct show *show, struct problem *problem)
{
    const struct diff_vm *found = &show->diff->vms[show->vm];
    char at[TEXT_NUMBER];
    enum pz_err err;

    fprintf(show->out, "vm%u: the runs are the same for %s instructions, and part there\n",
            show->vm, text_grouped(found->at, at));
    if (found->how == DIFF_INSN)
        return part_at_insn(show, problem);
    if (found->how == DIFF_LATER)
        return part_later(show, problem);
    err = diff_goto(show->diff, show->vm, 0, problem);
    if (!err)
        both(show);
    return err;
}

static void others(struct show *show)
{
    static const char *const names[] = {[DIFF_SAME] = "same",
                                        [DIFF_BEGINNING] = "beginning",
                                        [DIFF_INSN] = "instruction",
                                        [DIFF_LATER] = "end"};
    json_t *list = json_array();

    for (unsigned vm = 0; vm < show->diff->count; vm++) {
        const struct diff_vm *found = &show->diff->vms[vm];

        (void)json_array_append_new(list, json_pack("{s:I, s:s, s:I}", "vm", (json_int_t)vm,
                                                    "how", names[found->how], "same_for",
                                                    (json_int_t)found->at));
        if (show->diff->first >= 0 && (unsigned)show->diff->first != vm)
            fprintf(show->out, "vm%u: the same for %" PRIu64 " instructions%s\n", vm, found->at,
                    found->how == DIFF_SAME ? ", to its end" : "");
    }
    json_put(show->document, "vms", list);
}

static enum pz_err tell(struct show *show, struct problem *problem)
{
    const struct diff *diff = show->diff;
    enum pz_err err = PZ_OK;

    json_put(show->document, "same", json_boolean(diff->first < 0));
    json_put_number(show->document, "compared", diff->compared);
    if (diff->first < 0)
        fprintf(show->out, "the same: %" PRIu64 " instructions, with all that was typed\n",
                timeline_now(diff->sides[0].debug->timeline).retired);
    else
        json_put_number(show->document, "vm", show->vm);
    others(show);
    if (diff->first >= 0)
        err = part(show, problem);
    fprintf(show->out, "(%" PRIu64 " pairs of states were compared)\n", diff->compared);
    return err;
}

enum pz_err diff_show(struct diff *diff, struct problem *problem)
{
    char *text = NULL;
    size_t len = 0;
    struct show show = {.diff = diff,
                        .vm = diff->first < 0 ? 0 : (unsigned)diff->first,
                        .out = open_memstream(&text, &len),
                        .document = json_document("pz-diff/1")};
    enum pz_err err;

    if (!show.out)
        return problem_memory(problem, "the difference");
    err = tell(&show, problem);
    fclose(show.out);
    if (!err && diff->options->json) {
        err = json_print(show.document, problem);
    } else {
        json_decref(show.document);
        if (!err)
            fputs(text, stdout);
    }
    free(text);
    return err;
}
