/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tables.c - commands that show address translation, VMs, exits and what they cost. */
#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/levelpages.h"
#include "tools/debug/memory.h"
#include "tools/debug/run.h"
#include "tools/debug/say.h"
#include "tools/debug/steps.h"
#include "tools/debug/walkdata.h"
#include "tools/debug/words.h"
#include "tools/show/show.h"

/* ---- pt ---- */

void debug_say_walk(struct debug *debug, struct phys *eyes, uint32_t satp,
                    const struct sv32_walk *walk, uint32_t va)
{
    FILE *out = debug->out;
    char flags[DEBUG_PTE];

    fprintf(out, "guest    satp 0x%08" PRIx32 ": ", satp);
    if (!(satp & SATP_SV32)) {
        fputs("translation is off, gpa is gva\n", out);
        return;
    }
    for (int level = SV32_LEVELS - 1; level >= (int)walk->level; level--) {
        uint32_t entry = debug_entry(eyes, walk, va, (unsigned)level);

        fprintf(out, "%slevel %d [%" PRIu32 "] at gpa 0x%08" PRIx64 " = 0x%08" PRIx32 " %s\n",
                level == SV32_LEVELS - 1 ? "" : "                          ", level,
                SV32_INDEX(va, (unsigned)level),
                walk->table[level] + 4 * SV32_INDEX(va, (unsigned)level), entry,
                debug_pte_flags(entry, flags));
    }
}

/* One address, looked up in every table there is. */
struct lookup {
    struct debug *debug;
    struct vm *vm;
    const struct hart *hart;
    uint32_t va;
    struct sv32_walk walk;
    enum sv32_result result;
    struct mpa mpa;
    int root;        /* index of the shadow root, -1 for none */
    uint32_t shadow; /* its entry; 0 for none */
};

static void say_guest(const struct lookup *l)
{
    struct phys eyes = debug_eyes(l->vm);

    debug_say_walk(l->debug, &eyes, l->hart->satp, &l->walk, l->va);
}

static void say_pages(const struct lookup *l)
{
    FILE *out = l->debug->out;

    if (l->result != SV32_OK) {
        fputs("gpa      none: the guest does not map it\n", out);
        return;
    }
    fprintf(out, "gpa      0x%08" PRIx64 "\n", l->walk.pa);
    if (l->mpa.v)
        fprintf(out, "machine  0x%08" PRIx32 "\n", l->mpa.v);
    else if (l->walk.pa - l->vm->pmap.base < l->vm->pmap.size)
        fputs("machine  none yet: never touched\n", out);
    else
        fputs("machine  none: not RAM, but a device or nothing\n", out);
}

/* The CPU walks this table itself. */
static void say_second(const struct lookup *l)
{
    FILE *out = l->debug->out;

    if (l->result == SV32_OK)
        fprintf(out, "second   root 0x%08" PRIx32 " [%" PRIu32 "], leaf [%" PRIu32 "]: %s\n",
                l->vm->pmap.root.v, SV32X4_INDEX_ROOT(l->walk.pa),
                SV32_INDEX((uint32_t)l->walk.pa, 0),
                l->mpa.v ? "attached" : "no entry, the first access will leave non-root mode");
    fputs("shadow   none: the CPU walks the guest's table, and the second stage's\n", out);
}

static void say_shadow(const struct lookup *l)
{
    FILE *out = l->debug->out;
    char flags[DEBUG_PTE];

    if (l->root < 0)
        fputs("shadow   no root for this satp and mode yet\n", out);
    else if (!l->shadow)
        fprintf(out, "shadow   root %d: no entry, the first access will trap\n", l->root);
    else
        fprintf(out, "shadow   root %d: 0x%08" PRIx32 " machine page 0x%08" PRIx32 " %s\n",
                l->root, l->shadow, PTE_PPN(l->shadow) << PAGE_SHIFT,
                debug_pte_flags(l->shadow, flags));
}

/* Does the shadow entry grant a right that the guest's own entry does not, in the same mode? */
static bool gives_too_much(const struct lookup *l)
{
    struct sv32_space space = sv32_space_of(l->hart, &l->vm->phys);
    uint32_t allowed = 0;

    if (!(l->hart->satp & SATP_SV32))
        return false;
    allowed |= sv32_allows(&space, l->walk.pte, ACCESS_FETCH) ? PTE_X : 0;
    allowed |= sv32_allows(&space, l->walk.pte, ACCESS_LOAD) ? PTE_R : 0;
    allowed |=
        sv32_allows(&space, l->walk.pte, ACCESS_STORE) && (l->walk.pte & PTE_D) ? PTE_W : 0;
    return l->shadow & (PTE_R | PTE_W | PTE_X) & ~allowed;
}

static const char *verdict(const struct lookup *l)
{
    const struct page *info;
    struct mpa page = {PTE_PPN(l->shadow) << PAGE_SHIFT};

    if (!l->shadow)
        return "agrees: no entry, so no access";
    info = allocate_info(&l->debug->machine->vmm.allocator, page);
    if (info->kind != PAGE_SHARED && (info->owner != l->vm->id || info->kind != PAGE_GUEST))
        return "DISAGREES: the shadow maps a page that is not this VM's";
    if (l->result != SV32_OK)
        return "stale: the guest has unmapped it but not yet executed a fence";
    if (page.v != (l->mpa.v & ~PAGE_MASK))
        return "stale: the guest maps another page but has not yet executed a fence";
    if (gives_too_much(l))
        return "stale: the guest has removed rights but not yet executed a fence";
    return "agrees: the same page, with no more rights than the guest's entry allows";
}

/* Stale entries are allowed only in a virtual TLB, as in a TLB. */
static void say_verdict(const struct lookup *l)
{
    const char *text = verdict(l);
    bool stale = !strncmp(text, "stale", 5);
    bool wrong =
        !strncmp(text, "DIS", 3) ||
        (stale && (l->vm->shadow.policy == SHADOW_TRACE || !(l->hart->satp & SATP_SV32)));

    fprintf(l->debug->out, "check    %s%s\n", wrong && stale ? "DISAGREES, " : "", text);
    json_put_text(l->debug->data, "check", text);
    json_put(l->debug->data, "agrees", json_boolean(!wrong && !stale));
}

/* The same for programs. */
static void put_lookup(const struct lookup *l)
{
    json_t *data = l->debug->data;
    struct phys eyes = debug_eyes(l->vm);

    json_put_number(data, "gva", l->va);
    json_put(data, "mapped", json_boolean(l->result == SV32_OK));
    if (l->result == SV32_OK)
        json_put_number(data, "gpa", l->walk.pa);
    json_put_number(data, "machine", l->mpa.v);
    json_put_number(data, "shadow", l->shadow);
    json_put(data, "guest_walk",
             walkdata_guest(&eyes, l->hart->satp, &l->walk, l->result, l->va));
    if (l->result == SV32_OK)
        json_put(data, "pmap_walk", walkdata_pmap(l->vm, l->walk.pa));
    if (l->root >= 0 && l->vm->config.monitor != VM_ASSIST)
        json_put(data, "shadow_walk", walkdata_shadow(l->vm, (unsigned)l->root, l->va));
}

enum pz_err debug_page_table(struct debug *debug, const char *words, struct problem *problem)
{
    struct lookup l = {.debug = debug, .vm = debug_vm(debug), .hart = debug_hart(debug)};
    enum pz_err err = debug_address(debug, words, &l.va, problem);

    if (err)
        return err;
    if (debug->level) {
        levelpages_show(debug, l.va);
        return PZ_OK;
    }
    l.result = debug_walk(l.vm, l.hart->satp, l.va, &l.walk);
    if (l.result == SV32_OK)
        l.mpa = pmap_lookup(&l.vm->pmap, (struct gpa){l.walk.pa});
    l.root = debug_shadow_root(l.vm, l.hart);
    if (l.root >= 0)
        l.shadow = shadow_lookup(&l.vm->shadow, (unsigned)l.root, (struct gva){l.va});
    fprintf(debug->out, "gva      0x%08" PRIx32 " of vm%u, %s mode\n", l.va, debug->vm,
            debug_mode(l.hart->mode));
    say_guest(&l);
    say_pages(&l);
    if (l.vm->config.monitor == VM_ASSIST) {
        say_second(&l);
    } else {
        say_shadow(&l);
        say_verdict(&l);
    }
    put_lookup(&l);
    return PZ_OK;
}

/* ---- VMs ---- */

enum pz_err debug_map(struct debug *debug, const char *words, struct problem *problem)
{
    if (*words)
        return problem_set(problem, PZ_USAGE, "map takes no arguments");
    map_draw(debug->out, debug->machine, NULL, 0);
    return PZ_OK;
}

enum pz_err debug_vms(struct debug *debug, const char *words, struct problem *problem)
{
    json_t *list = json_array();
    struct table table;

    if (*words) {
        json_decref(list);
        return problem_set(problem, PZ_USAGE, "vms takes no arguments ('vm N' selects one)");
    }
    table_init(&table, "lllrll");
    for (unsigned k = 0; k < debug->machine->count; k++) {
        const struct vm *vm = &debug->machine->vms[k];
        json_t *row = json_object();
        char number[TEXT_NUMBER];

        table_add(&table, "%s vm%u\t%s\t%s\t%s\t0x%08" PRIx32 "\t%s",
                  k == debug->vm ? "*" : " ", k, vm->config.name,
                  debug_mode(vm->cpu->hart.mode), text_grouped(vm_retired(vm), number),
                  vm->cpu->hart.pc, vm_end_text((enum vm_end)vm->end));
        json_put_number(row, "vm", k);
        json_put_text(row, "mode", debug_mode(vm->cpu->hart.mode));
        json_put_number(row, "retired", vm_retired(vm));
        json_put_number(row, "pc", vm->cpu->hart.pc);
        json_put_text(row, "end", outcome_end((enum vm_end)vm->end));
        (void)json_array_append_new(list, row);
    }
    table_print(&table, debug->out, 0, 0);
    json_put(debug->data, "vms", list);
    return PZ_OK;
}

enum pz_err debug_cpus(struct debug *debug, const char *words, struct problem *problem)
{
    const struct vm *vm = debug_vm(debug);
    json_t *list = json_array();
    struct table table;

    if (*words) {
        json_decref(list);
        return problem_set(problem, PZ_USAGE, "cpus takes no words ('cpu N' chooses one)");
    }
    table_init(&table, "llrll");
    for (unsigned id = 0; id < vm->board.harts.count; id++) {
        const struct hart *hart = &vm->vcpus[id].hart;
        const char *state = harts_text(&vm->board.harts, id);
        json_t *row = json_object();
        char number[TEXT_NUMBER];

        table_add(&table, "%s cpu%u\t%s\t%s\t0x%08" PRIx32 "\t%s",
                  hart == debug_hart(debug) ? "*" : " ", id, debug_mode(hart->mode),
                  text_grouped(hart->retired, number), hart->pc, state);
        json_put_number(row, "cpu", id);
        json_put_text(row, "mode", debug_mode(hart->mode));
        json_put_number(row, "retired", hart->retired);
        json_put_number(row, "pc", hart->pc);
        json_put_text(row, "state", state);
        (void)json_array_append_new(list, row);
    }
    table_print(&table, debug->out, 0, 0);
    json_put(debug->data, "cpus", list);
    return PZ_OK;
}

/* Valid until the machine moves; then commands are again about the CPU whose turn it is. */
enum pz_err debug_select_cpu(struct debug *debug, const char *words, struct problem *problem)
{
    uint64_t cpu = 0;
    enum pz_err err = debug_evaluate(debug, words, &cpu, problem);

    if (err)
        return err;
    if (cpu >= debug_vm(debug)->board.harts.count)
        return problem_set(problem, PZ_USAGE, "vm%u has no CPU %" PRIu64 " (cpus lists them)",
                           debug->vm, cpu);
    debug->cpu = (unsigned)cpu + 1;
    debug_look_at_vm(debug);
    debug_say_place(debug);
    return PZ_OK;
}

enum pz_err debug_select(struct debug *debug, const char *words, struct problem *problem)
{
    uint64_t vm = 0;
    enum pz_err err = debug_evaluate(debug, words, &vm, problem);

    if (err)
        return err;
    if (vm >= debug->machine->count)
        return problem_set(problem, PZ_USAGE, "there is no VM %" PRIu64 " (vms lists them)",
                           vm);
    debug->vm = (unsigned)vm;
    debug->cpu = 0;
    debug_look_at_vm(debug);
    debug_say_place(debug);
    return PZ_OK;
}

enum pz_err debug_type(struct debug *debug, const char *words, struct problem *problem)
{
    struct input *input = &debug->inputs[debug->vm];

    if (debug->options->recording)
        return problem_set(problem, PZ_FAILED, "input comes from the recording");
    if (!debug->live)
        return problem_set(
            problem, PZ_FAILED,
            "only at a terminal: otherwise give console input with --input FILE");
    for (; *words; words++)
        input_key(input, (uint8_t)*words);
    input_key(input, '\r');
    return PZ_OK;
}

/* ---- Exits ---- */

static void add_exit(struct debug *debug, struct table *table, json_t *list,
                     const struct debug_exit *exit)
{
    const struct trace_event *event = &exit->event;
    char insn[DISASM_TEXT] = "", name[DEBUG_NAME], number[TEXT_NUMBER];
    json_t *row = json_object();
    bool is_switch = event->action == TRACE_SWITCH;

    if (event->insn)
        (void)debug_insn(debug, event->insn, event->pc, insn);
    table_add(table, "vm%u\t%s\t%s\t0x%08" PRIx32 "%s\t%s\t%s\t%s", event->vm - 1u,
              text_grouped(event->retired, number), debug_mode(event->mode), event->pc,
              debug_name(debug, event->vm - 1u, event->mode, event->pc, name),
              is_switch ? "-" : trace_cause_name(event->cause), insn[0] ? insn : "-",
              trace_action_name((enum trace_action)event->action));
    json_put_number(row, "vm", event->vm - 1u);
    json_put_number(row, "retired", event->retired);
    json_put_text(row, "mode", debug_mode(event->mode));
    json_put_number(row, "pc", event->pc);
    json_put_number(row, "cause", event->cause);
    json_put_number(row, "tval", event->tval);
    json_put_text(row, "action", trace_action_name((enum trace_action)event->action));
    (void)json_array_append_new(list, row);
}

enum pz_err debug_traps(struct debug *debug, const char *words, struct problem *problem)
{
    struct timeline_position now = timeline_now(debug->timeline);
    json_t *list = json_array();
    struct table table;
    uint64_t count = 16;
    unsigned from = 0;
    enum pz_err err = *words ? debug_count(debug, words, &count, problem) : PZ_OK;

    if (err) {
        json_decref(list);
        return err;
    }
    debug_fill_log(debug, count < DEBUG_LOG ? (unsigned)count : DEBUG_LOG);
    while (from < count && debug_log_at(&debug->log, now, from))
        from++;
    table_init(&table, "lrlllll");
    while (from--)
        add_exit(debug, &table, list, debug_log_at(&debug->log, now, from));
    table_print(&table, debug->out, 0, 0);
    json_put(debug->data, "exits", list);
    return PZ_OK;
}

enum pz_err debug_stats(struct debug *debug, const char *words, struct problem *problem)
{
    struct trace_counters total;

    if (*words)
        return problem_set(problem, PZ_USAGE, "stats takes no arguments");
    report_stats(debug->out, debug->machine, 0);
    report_total(debug->machine, &total);
    json_put(debug->data, "exits", outcome_counters(&total));
    return PZ_OK;
}

enum pz_err debug_hash(struct debug *debug, const char *words, struct problem *problem)
{
    char text[24];

    if (*words)
        return problem_set(problem, PZ_USAGE, "hash takes no arguments");
    (void)!snprintf(text, sizeof text, "%016" PRIx64, timeline_hash(debug->timeline));
    fprintf(debug->out, "%s\n", text);
    json_put_text(debug->data, "hash", text);
    return PZ_OK;
}
