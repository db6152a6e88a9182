/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bill.c - what the exits were: by what the monitor did, by cause, by instruction and by CSR. Host
 * time is left to pz run --stats: it is not the same in any two runs.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/report/parts.h"
#include "vmm/para.h"

static double per_million(uint64_t count, uint64_t retired)
{
    return retired ? 1e6 * (double)count / (double)retired : 0;
}

/* The VM in which it happened first, by its own instructions; the lowest of several. */
static unsigned first_of(const struct exits *exits, unsigned action)
{
    unsigned first = 0;

    for (unsigned k = 1; k < exits->count; k++)
        if (exits->vms[k].count[action] &&
            (!exits->vms[first].count[action] ||
             exits->vms[k].first[action] < exits->vms[first].first[action]))
            first = k;
    return first;
}

static void write_first(struct page_table *table, const struct gather *gather,
                        const struct link *link, unsigned action)
{
    unsigned vm = first_of(&gather->exits, action);
    uint64_t at = gather->exits.vms[vm].first[action];
    char number[TEXT_NUMBER], text[TEXT_NUMBER + 16];

    page_cell_begin(table);
    if (gather->exits.vms[vm].count[action]) {
        snprintf(text, sizeof text, "vm%u at %s", vm, text_grouped(at, number));
        link_text(table->out, link, &(struct link_place){.vm = vm, .at = at, .view = "trap"},
                  text);
    }
    page_cell_end(table);
}

static void write_actions(FILE *out, const struct gather *gather, const struct link *link,
                          const struct trace_counters *total)
{
    uint64_t retired = gather_retired(gather);
    struct page_table table;

    page_table(&table, out, "By what the monitor did", "lrrl",
               "action\tcount\tin a million instructions\tfirst");
    for (unsigned i = 0; i < TRACE_ACTIONS; i++)
        if (total->action[i].count) {
            page_cell(&table, "%s", trace_action_name((enum trace_action)i));
            page_number(&table, total->action[i].count);
            page_cell(&table, "%.1f", per_million(total->action[i].count, retired));
            write_first(&table, gather, link, i);
        }
    page_table_end(&table);
}

/* Counters that have names. */
struct named {
    const char *name;
    uint64_t count;
};

static int by_count(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = (x->count < y->count) - (x->count > y->count);

    return order ? order : strcmp(x->name, y->name);
}

static void write_named(FILE *out, const char *caption, struct named *list, unsigned count,
                        uint64_t all)
{
    struct page_table table;
    unsigned used = 0;

    for (unsigned i = 0; i < count; i++)
        if (list[i].count)
            list[used++] = list[i];
    if (!used)
        return;
    qsort(list, used, sizeof *list, by_count);
    page_table(&table, out, caption, "lrr", "name\tcount\tshare of all exits");
    for (unsigned i = 0; i < used; i++) {
        page_cell(&table, "%s", list[i].name);
        page_number(&table, list[i].count);
        page_cell(&table, "%.2f %%", all ? 100.0 * (double)list[i].count / (double)all : 0.0);
    }
    page_table_end(&table);
}

static void write_causes(FILE *out, const struct trace_counters *total)
{
    struct named list[CAUSE_EXCEPTIONS];

    for (unsigned i = 0; i < CAUSE_EXCEPTIONS; i++)
        list[i] = (struct named){trace_cause_name(i), total->cause[i].count};
    write_named(out, "By the exception that stopped the CPU", list, CAUSE_EXCEPTIONS,
                total->exits);
}

static void write_insns(FILE *out, const struct trace_counters *total)
{
    struct named insns[INSN_COUNT], csrs[CSR_COUNT], calls[PARA_FUNCTIONS + 1];

    for (unsigned i = 0; i < INSN_COUNT; i++)
        insns[i] = (struct named){insn_desc((enum insn_id)i)->name, total->insn[i].count};
    for (unsigned i = 0; i < CSR_COUNT; i++)
        csrs[i] = (struct named){csr_desc((enum csr_id)i)->name, total->csr[i].count};
    for (unsigned i = 0; i <= PARA_FUNCTIONS; i++)
        calls[i] = (struct named){para_name((enum para_function)i), total->para[i].count};
    write_named(out, "By the instruction emulated", insns, INSN_COUNT, total->exits);
    write_named(out, "By the CSR that it named", csrs, CSR_COUNT, total->exits);
    write_named(out, "By hypercall", calls, PARA_FUNCTIONS + 1, total->exits);
}

void bill_write(FILE *out, const struct gather *gather, const struct link *link)
{
    uint64_t retired = gather_retired(gather);
    char exits[TEXT_NUMBER], insns[TEXT_NUMBER];
    struct trace_counters total;

    report_total(gather->machine, &total);
    page_say(out, "%s exits in %s instructions: %.1f in a million.",
             text_grouped(total.exits, exits), text_grouped(retired, insns),
             per_million(total.exits, retired));
    page_note(out,
              "World switches and interrupts are counted here, but are no exits. What exits "
              "cost in host time differs from run to run: pz run --stats shows it.");
    write_actions(out, gather, link, &total);
    write_causes(out, &total);
    write_insns(out, &total);
}
