/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.c - tables of counters. A row is one kind of exit: a few VMs have a column each, many
 * only their sum.
 */
#include "tools/show/report.h"

#include <inttypes.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "vmm/para.h"

#define VM_COLUMNS 3u /* more VMs are only summed up */

static uint64_t ticks_to_ns(uint64_t ticks)
{
    return ticks * (1000000000u / BOARD_TIMEBASE_HZ);
}

static void add_counters(struct trace_counter *sum, const struct trace_counter *part,
                         unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        sum[i].count += part[i].count;
        sum[i].ns += part[i].ns;
    }
}

void report_total(const struct machine *machine, struct trace_counters *total)
{
    *total = (struct trace_counters){0};
    for (unsigned k = 0; k < machine->count; k++) {
        const struct trace_counters *part = &machine->vms[k].counters;

        add_counters(total->action, part->action, TRACE_ACTIONS);
        add_counters(total->cause, part->cause, CAUSE_EXCEPTIONS);
        add_counters(total->insn, part->insn, INSN_COUNT);
        add_counters(total->csr, part->csr, CSR_COUNT);
        add_counters(total->para, part->para, PARA_FUNCTIONS + 1);
        total->exits += part->exits;
        total->emulated += part->emulated;
        total->interpreted += part->interpreted;
        total->translated += part->translated;
        total->callouts += part->callouts;
    }
}

bool report_all_well(const struct machine *machine)
{
    for (unsigned k = 0; k < machine->count; k++)
        if (machine->vms[k].end != VM_OFF)
            return false;
    return true;
}

/* How one machine ended. */
static void add_end(struct table *table, const char *who, const char *what, const char *how,
                    uint64_t count, const struct hart *hart, uint64_t restarts)
{
    char retired[TEXT_NUMBER], time[TEXT_NUMBER], again[TEXT_NUMBER + 24] = "";

    if (restarts)
        snprintf(again, sizeof again, ", after %" PRIu64 " restart%s", restarts,
                 restarts == 1 ? "" : "s");
    table_add(table, "%s\t%s\t%s instructions\t%s of its time\t%s%s", who, what,
              text_grouped(count, retired), text_duration(ticks_to_ns(hart_time(hart)), time),
              how, again);
}

static uint64_t all_retired(const struct machine *machine)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < machine->count; k++)
        sum += vm_retired(&machine->vms[k]);
    return sum;
}

static uint32_t direct_ppm(const struct machine *machine, const struct trace_counters *total)
{
    uint64_t retired = all_retired(machine);
    uint64_t indirect = total->emulated + total->interpreted + total->callouts;

    return retired ? (uint32_t)((retired - indirect) * 1000000 / retired) : 0;
}

static double mips(uint64_t retired, uint64_t ns)
{
    return ns ? (double)retired * 1000 / (double)ns : 0;
}

void report_summary(FILE *out, const struct machine *machine, uint64_t elapsed_ns)
{
    struct trace_counters total;
    struct table table;
    enum vm_monitor monitor = machine->vms[0].config.monitor;
    char host[TEXT_NUMBER], direct[TEXT_NUMBER], exits[TEXT_NUMBER], who[16];
    char variants[VARIANTS_TEXT];

    table_init(&table, "llrrl");
    for (unsigned k = 0; k < machine->count; k++) {
        const struct vm *vm = &machine->vms[k];

        snprintf(who, sizeof who, "vm%u", k);
        add_end(&table, who, vm->config.name, vm_end_text((enum vm_end)vm->end), vm_retired(vm),
                &vm->cpu->hart, vm->board.restarts);
    }
    table_print(&table, out, 0, 0);
    report_total(machine, &total);
    if (machine->vmm.variants)
        fprintf(out, "instruction set broken by %s\n",
                variants_text(machine->vmm.variants, variants));
    fprintf(out, "%s on engine %s, %s%s%s%s: %s, %.1f MIPS, %s direct, %s exits",
            machine->count == 1 ? "1 VM" : "VMs", machine->engine.kind->name,
            monitor == VM_PLAIN ? "" : monitor_desc(monitor)->name,
            monitor == VM_PLAIN ? "" : " monitor, ", monitor == VM_ASSIST ? "" : "shadow ",
            monitor == VM_ASSIST ? "no shadow"
                                 : options_shadow_name(machine->vms[0].config.policy),
            text_duration(elapsed_ns, host),
            mips(all_retired(machine) - machine->before, elapsed_ns),
            text_share(direct_ppm(machine, &total), direct), text_grouped(total.exits, exits));
    if (monitor == VM_TRANSLATE)
        fprintf(out, ", %s translated", text_grouped(total.translated, exits));
    if (total.callouts)
        fprintf(out, ", %s callouts", text_grouped(total.callouts, exits));
    fputc('\n', out);
}

void report_bare(FILE *out, const struct machine_bare *machine, uint64_t elapsed_ns)
{
    const struct bare *bare = &machine->bare;
    struct table table;
    char host[TEXT_NUMBER];

    table_init(&table, "llrrl");
    add_end(&table, "bare", image_name(&machine->image),
            board_power_text((enum board_power)bare->board.power), bare_retired(bare),
            &bare->hart, bare->board.restarts);
    table_print(&table, out, 0, 0);
    fprintf(out, "no monitor, engine %s: %s, %.1f MIPS\n", machine->engine.kind->name,
            text_duration(elapsed_ns, host), mips(bare_retired(bare), elapsed_ns));
}

/* One kind of exit: how to find its counter in anybody's counters. */
typedef const struct trace_counter *counter_of(const struct trace_counters *counters,
                                               unsigned which);

static const struct trace_counter *action_of(const struct trace_counters *counters, unsigned i)
{
    return &counters->action[i];
}

static const struct trace_counter *cause_of(const struct trace_counters *counters, unsigned i)
{
    return &counters->cause[i];
}

static const struct trace_counter *insn_of(const struct trace_counters *counters, unsigned i)
{
    return &counters->insn[i];
}

static const struct trace_counter *csr_of(const struct trace_counters *counters, unsigned i)
{
    return &counters->csr[i];
}

static const struct trace_counter *para_of(const struct trace_counters *counters, unsigned i)
{
    return &counters->para[i];
}

static const char *action_name(unsigned i)
{
    return trace_action_name((enum trace_action)i);
}

static const char *insn_name(unsigned i)
{
    return insn_desc((enum insn_id)i)->name;
}

static const char *call_name(unsigned i)
{
    return para_name((enum para_function)i);
}

static const char *csr_name(unsigned i)
{
    return csr_desc((enum csr_id)i)->name;
}

/* The parts of the bill. */
static const struct part {
    const char *title;
    unsigned count;
    counter_of *counter;
    const char *(*name)(unsigned which);
} parts[] = {
    {"what the monitor did", TRACE_ACTIONS, action_of, action_name},
    {"why the CPU stopped", CAUSE_EXCEPTIONS, cause_of, trace_cause_name},
    {"instructions emulated", INSN_COUNT, insn_of, insn_name},
    {"CSRs they named", CSR_COUNT, csr_of, csr_name},
    {"hypercalls", PARA_FUNCTIONS + 1, para_of, call_name},
};
#define PARTS (sizeof parts / sizeof parts[0])

static uint64_t part_ns(const struct part *part, const struct trace_counters *total)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < part->count; i++)
        sum += part->counter(total, i)->ns;
    return sum;
}

static unsigned vm_columns(const struct machine *machine)
{
    return machine->count > 1 && machine->count <= VM_COLUMNS ? machine->count : 0;
}

static const char *table_format(const struct machine *machine)
{
    static const char *const formats[VM_COLUMNS + 1] = {"lrrr", "lrrr", "lrrrrr", "lrrrrrr"};

    return formats[vm_columns(machine)];
}

static void add_title(struct table *table, const struct machine *machine, const char *title)
{
    char vms[VM_COLUMNS * 8] = "";
    int used = 0;

    for (unsigned k = 0; k < vm_columns(machine); k++)
        used += snprintf(vms + used, sizeof vms - (size_t)used, "vm%u\t", k);
    table_add(table, "%s\t%sexits\tns each\tof the time", title, vms);
}

static void add_kind(struct table *table, const struct machine *machine,
                     const struct part *part, unsigned which,
                     const struct trace_counters *total)
{
    const struct trace_counter *all = part->counter(total, which);
    uint64_t ns = part_ns(part, total);
    char vms[VM_COLUMNS * TEXT_NUMBER] = "", number[TEXT_NUMBER], share[TEXT_NUMBER];
    int used = 0;

    if (!all->count)
        return;
    for (unsigned k = 0; k < vm_columns(machine); k++)
        used += snprintf(
            vms + used, sizeof vms - (size_t)used, "%s\t",
            text_grouped(part->counter(&machine->vms[k].counters, which)->count, number));
    table_add(table, "  %s\t%s%s\t%" PRIu64 "\t%s", part->name(which), vms,
              text_grouped(all->count, number), all->ns / all->count,
              text_share(ns ? (uint32_t)((double)all->ns / (double)ns * 1e6) : 0, share));
}

static void print_exits(FILE *out, const struct machine *machine, unsigned width)
{
    struct trace_counters total;
    struct table table;

    report_total(machine, &total);
    table_init(&table, table_format(machine));
    for (unsigned i = 0; i < PARTS; i++) {
        if (parts[i].counter == para_of && !total.action[TRACE_PARA].count)
            continue;
        add_title(&table, machine, parts[i].title);
        for (unsigned which = 0; which < parts[i].count; which++)
            add_kind(&table, machine, &parts[i], which, &total);
    }
    table_print(&table, out, 0, width);
}

static const char *pages_size(uint32_t pages, char text[TEXT_NUMBER])
{
    return text_size((uint64_t)pages * PAGE_SIZE, text);
}

static void add_vm(struct table *table, const struct machine *machine, unsigned k)
{
    const struct vm *vm = &machine->vms[k];
    uint32_t guest = machine_pages(machine, k, PAGE_GUEST);
    uint32_t shadow = machine_pages(machine, k, PAGE_SHADOW_ROOT) +
                      machine_pages(machine, k, PAGE_SHADOW_LEAF) +
                      machine_pages(machine, k, PAGE_SHADOW_LINK);
    uint32_t all = machine_pages(machine, k, PAGE_KINDS);
    uint32_t shared = machine_pages(machine, k, PAGE_SHARED);
    char retired[TEXT_NUMBER], direct[TEXT_NUMBER], touched[TEXT_NUMBER], shadows[TEXT_NUMBER],
        other[TEXT_NUMBER];

    table_add(table, "vm%u\t%s\t%s\t%s\t%s\t%s", k, text_grouped(vm_retired(vm), retired),
              text_share(vm_direct_ppm(vm), direct), pages_size(guest + shared, touched),
              pages_size(shadow, shadows), pages_size(all - guest - shadow, other));
}

static void print_vms(FILE *out, const struct machine *machine, unsigned width)
{
    struct table table;

    table_init(&table, "lrrrrr");
    table_add(&table, "VM\tinstructions\tdirect\tRAM touched\tshadow tables\tother");
    for (unsigned k = 0; k < machine->count; k++)
        add_vm(&table, machine, k);
    table_print(&table, out, 0, width);
}

/* Of machines with more than one. */
static void print_cpus(FILE *out, const struct machine *machine, unsigned width)
{
    char retired[TEXT_NUMBER], turns[TEXT_NUMBER], quantum[TEXT_NUMBER];
    struct table table;

    table_init(&table, "llrl");
    table_add(&table, "VM\tCPU\tinstructions\tstate");
    for (unsigned k = 0; k < machine->count; k++) {
        const struct vm *vm = &machine->vms[k];

        for (unsigned id = 0; id < vm->board.harts.count; id++)
            table_add(&table, "vm%u\t%u\t%s\t%s", k, id,
                      text_grouped(vm->vcpus[id].hart.retired, retired),
                      harts_text(&vm->board.harts, id));
    }
    table_print(&table, out, 0, width);
    for (unsigned k = 0; k < machine->count; k++)
        fprintf(out, "vm%u: %s changes of CPU, turns of at most %s instructions\n", k,
                text_grouped(machine->vms[k].board.harts.turns, turns),
                text_grouped(machine->vms[k].board.harts.quantum, quantum));
}

static void print_sharing(FILE *out, const struct share *share, const char *begin)
{
    char now[TEXT_NUMBER], refs[TEXT_NUMBER], pages[TEXT_NUMBER], saved[TEXT_NUMBER],
        merged[TEXT_NUMBER], broken[TEXT_NUMBER];

    fprintf(out,
            "%sSharing: %s saved now, at most %s: %s of the VMs' RAM was %s of the machine's. "
            "%s pages shared, %s copied on a write\n",
            begin, pages_size(share_saved(share), now),
            pages_size(share->most_refs - share->most_pages, saved),
            pages_size(share->most_refs, refs), pages_size(share->most_pages, pages),
            text_grouped(share->merged, merged), text_grouped(share->broken, broken));
}

void report_moving(FILE *out, const struct machine *machine, const char *begin)
{
    const struct paging *paging = &machine->vmm.paging;
    char size[TEXT_NUMBER], written[TEXT_NUMBER], read[TEXT_NUMBER];

    if (machine->vmm.share.on)
        print_sharing(out, &machine->vmm.share, begin);
    if (paging->store.write)
        fprintf(out,
                "%sPaging: %s of machine memory; %s pages written to the file, %s read back\n",
                begin, pages_size(machine->vmm.allocator.count, size),
                text_grouped(paging->out, written), text_grouped(paging->in, read));
}

void report_stats(FILE *out, const struct machine *machine, unsigned width)
{
    char switches[TEXT_NUMBER];

    print_exits(out, machine, width);
    print_vms(out, machine, width);
    if (machine->vms[0].board.harts.count > 1)
        print_cpus(out, machine, width);
    fprintf(out, "%s world switches, slices of %" PRIu64 " instructions\n",
            text_grouped(machine->vmm.switches, switches), machine->vmm.slice);
    report_moving(out, machine, "");
}
