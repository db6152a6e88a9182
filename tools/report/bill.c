/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bill.c - what the exits were: by what the monitor did, by cause, by instruction and by CSR. What
 * they cost in host time is not the same in any two runs, and only there if it is asked for.
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

/* With host time, two columns more: of all, and of one. */
static void write_cost(struct page_table *table, bool costs,
                       const struct trace_counter *counter)
{
    char all[TEXT_NUMBER], one[TEXT_NUMBER];

    if (!costs)
        return;
    page_cell(table, "%s", text_duration(counter->ns, all));
    page_cell(table, "%s", text_duration(counter->ns / counter->count, one));
}

static void write_actions(FILE *out, const struct gather *gather, const struct link *link,
                          const struct trace_counters *total)
{
    bool costs = gather->options.stats;
    uint64_t retired = gather_retired(gather);
    struct page_table table;

    page_table(&table, out, "By what the monitor did", costs ? "lrrrrl" : "lrrl",
               costs ? "action\tcount\tin a million instructions\thost time\teach\tfirst"
                     : "action\tcount\tin a million instructions\tfirst");
    for (unsigned i = 0; i < TRACE_ACTIONS; i++)
        if (total->action[i].count) {
            page_cell(&table, "%s", trace_action_name((enum trace_action)i));
            page_number(&table, total->action[i].count);
            page_cell(&table, "%.1f", per_million(total->action[i].count, retired));
            write_cost(&table, costs, &total->action[i]);
            write_first(&table, gather, link, i);
        }
    page_table_end(&table);
}

/* Counters that have names. */
struct named {
    const char *name;
    struct trace_counter counter;
};

static int by_count(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = (x->counter.count < y->counter.count) - (x->counter.count > y->counter.count);

    return order ? order : strcmp(x->name, y->name);
}

struct bill {
    FILE *out;
    const struct trace_counters *total;
    bool costs;
};

static void write_named(const struct bill *bill, const char *caption, struct named *list,
                        unsigned count)
{
    uint64_t all = bill->total->exits;
    struct page_table table;
    unsigned used = 0;

    for (unsigned i = 0; i < count; i++)
        if (list[i].counter.count)
            list[used++] = list[i];
    if (!used)
        return;
    qsort(list, used, sizeof *list, by_count);
    page_table(&table, bill->out, caption, bill->costs ? "lrrrr" : "lrr",
               bill->costs ? "name\tcount\tshare of all exits\thost time\teach"
                           : "name\tcount\tshare of all exits");
    for (unsigned i = 0; i < used; i++) {
        page_cell(&table, "%s", list[i].name);
        page_number(&table, list[i].counter.count);
        page_cell(&table, "%.2f %%",
                  all ? 100.0 * (double)list[i].counter.count / (double)all : 0.0);
        write_cost(&table, bill->costs, &list[i].counter);
    }
    page_table_end(&table);
}

static void write_causes(const struct bill *bill)
{
    struct named list[CAUSE_EXCEPTIONS];

    for (unsigned i = 0; i < CAUSE_EXCEPTIONS; i++)
        list[i] = (struct named){trace_cause_name(i), bill->total->cause[i]};
    write_named(bill, "By the exception that stopped the CPU", list, CAUSE_EXCEPTIONS);
}

static void write_insns(const struct bill *bill)
{
    struct named insns[INSN_COUNT], csrs[CSR_COUNT], calls[PARA_FUNCTIONS + 1];

    for (unsigned i = 0; i < INSN_COUNT; i++)
        insns[i] = (struct named){insn_desc((enum insn_id)i)->name, bill->total->insn[i]};
    for (unsigned i = 0; i < CSR_COUNT; i++)
        csrs[i] = (struct named){csr_desc((enum csr_id)i)->name, bill->total->csr[i]};
    for (unsigned i = 0; i <= PARA_FUNCTIONS; i++)
        calls[i] = (struct named){para_name((enum para_function)i), bill->total->para[i]};
    write_named(bill, "By the instruction emulated", insns, INSN_COUNT);
    write_named(bill, "By the CSR that it named", csrs, CSR_COUNT);
    write_named(bill, "By hypercall", calls, PARA_FUNCTIONS + 1);
}

void bill_write(FILE *out, const struct gather *gather, const struct link *link)
{
    uint64_t retired = gather_retired(gather);
    char exits[TEXT_NUMBER], insns[TEXT_NUMBER];
    struct trace_counters total;
    struct bill bill = {out, &total, gather->options.stats};

    report_total(gather->machine, &total);
    page_say(out, "%s exits in %s instructions: %.1f in a million.",
             text_grouped(total.exits, exits), text_grouped(retired, insns),
             per_million(total.exits, retired));
    page_note(out, "World switches and interrupts are counted here, but are no exits.%s",
              bill.costs
                  ? " Host time is the monitor\u2019s, in this one run."
                  : " What exits cost in host time differs from run to run: --stats shows "
                    "it.");
    write_actions(out, gather, link, &total);
    write_causes(&bill);
    write_insns(&bill);
}
