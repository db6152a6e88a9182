/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gen_variants_doc.c - docs/variants.md out of its template, variants.def, and runs of the probing
 * guest and the mini guest on the engine spec. Nothing in it depends on the host, nor on the
 * compiler that made the mini guest. tests/cli/isa/variants_doc.sh compares.
 */
#include <inttypes.h>
#include <string.h>

#include "isa/variant.h"
#include "tests/support/pair.h"
#include "tools/base/text.h"

static const enum vm_monitor monitors[] = {VM_PLAIN, VM_HYBRID, VM_TRANSLATE, VM_ASSIST};
#define MONITORS (sizeof monitors / sizeof monitors[0])

static const struct engines_kind *engine(void)
{
    const struct engines_kind *kind;
    struct problem problem;

    return engines_choose("spec", true, &kind, &problem) ? NULL : kind;
}

/* A guest on this set of variants; "" for none. */
static struct pair *open(const char *guest, const char *name, enum vm_monitor monitor)
{
    const char *more = strcmp(guest, "mini") ? "--max-insns 100k" : "--append ls";
    char words[160];

    snprintf(words, sizeof words, "--monitor %s %s%s %s", monitor_desc(monitor)->name,
             name[0] ? "--variant " : "", name, more);
    return pair_open(engine(), guest, words);
}

/* ---- What is changed ---- */

static void print_variants(void)
{
    printf("| variant | as in | source | what is changed |\n| --- | --- | --- | --- |\n");
    for (unsigned id = 0; id < VARIANT_COUNT; id++) {
        const struct variant_desc *desc = variant_desc((enum variant_id)id);

        printf("| `%s` | %s | %s | %s |\n", desc->name, desc->precedent, desc->source,
               desc->meaning);
    }
}

static void print_changes(void)
{
    const struct variant_change *change;

    printf("| variant | match | mask | does (`isa/variant.c`) |\n| --- | --- | --- | --- |\n");
    for (unsigned i = 0; (change = variant_change_at(i)); i++)
        printf("| `%s` | 0x%08" PRIx32 " | 0x%08" PRIx32 " | `%s()` |\n",
               variant_desc((enum variant_id)change->variant)->name, change->match,
               change->mask, change->function);
}

/* ---- What guests see ---- */

static const char *text_here(const struct difference_code *code)
{
    for (unsigned i = 0; i < code->count; i++)
        if (code->lines[i].here)
            return code->lines[i].text;
    return "";
}

/* Values that come from what a compiler made are left out. */
static void print_first(const struct pair *pair, bool values)
{
    const struct difference_field *field;
    struct lockstep_first first;

    pair_first(pair, &first);
    field = &first.difference.fields[0];
    printf(" `%s` in %s mode", text_here(&first.difference.bare_code),
           first.before.mode == HART_USER ? "user" : "supervisor");
    if (values)
        printf(": %s is 0x%" PRIx64 ", bare 0x%" PRIx64, field->name, field->vm, field->bare);
    printf(" |");
}

static void print_seen(const char *guest, const char *name, enum vm_monitor monitor)
{
    struct pair *pair = open(guest, name, monitor);

    if (pair_run(pair))
        printf(" nothing |");
    else
        print_first(pair, strcmp(guest, "mini") != 0);
    pair_close(pair);
}

static const char *verdict(bool holds)
{
    return holds ? "holds" : "fails";
}

static void print_verdicts(void)
{
    printf("| variant | theorem 1 | plain monitor: first noticed | theorem 3 | hybrid monitor: "
           "first noticed | translation: first noticed | assistance: first noticed |\n"
           "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (unsigned id = 0; id < VARIANT_COUNT; id++) {
        const struct variant_desc *desc = variant_desc((enum variant_id)id);

        printf("| `%s` | %s |", desc->name, verdict(desc->theorem1));
        print_seen("t_probe", desc->name, VM_PLAIN);
        printf(" %s |", verdict(desc->theorem3));
        print_seen("t_probe", desc->name, VM_HYBRID);
        print_seen("t_probe", desc->name, VM_TRANSLATE);
        print_seen("t_probe", desc->name, VM_ASSIST);
        printf("\n");
    }
}

static void print_mini(void)
{
    printf(
        "| variant | plain monitor: first noticed | hybrid monitor | translation | assistance |\n"
        "| --- | --- | --- | --- | --- |\n");
    for (unsigned id = 0; id < VARIANT_COUNT; id++) {
        const char *name = variant_desc((enum variant_id)id)->name;

        printf("| `%s` |", name);
        for (unsigned i = 0; i < MONITORS; i++)
            print_seen("mini", name, monitors[i]);
        printf("\n");
    }
}

/* ---- What it costs ---- */

static void print_bill(const char *name, enum vm_monitor monitor)
{
    struct pair *pair = open("t_probe", name, monitor);
    const struct vm *vm = &pair->lockstep.machine.vms[0];
    uint64_t permille;

    while (lockstep_step(&pair->lockstep) || vm_alive(vm))
        if (vmm_run(&pair->lockstep.machine.vmm, NULL) != VMM_RAN)
            break;
    permille =
        (1000 * vm->counters.interpreted + vm->cpu->hart.retired / 2) / vm->cpu->hart.retired;
    printf(" %" PRIu64 " | %" PRIu64 " | %" PRIu64 ".%" PRIu64 " %% |", vm->counters.exits,
           vm->counters.emulated, permille / 10, permille % 10);
    pair_close(pair);
}

static void print_costs(void)
{
    printf(
        "| variant | plain: exits | emulated | interpreted | hybrid: exits | emulated | "
        "interpreted | translate: exits | emulated | interpreted | assist: exits | emulated | "
        "interpreted |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | "
        "---: |\n");
    for (unsigned id = 0; id <= VARIANT_COUNT; id++) {
        const char *name = id < VARIANT_COUNT ? variant_desc((enum variant_id)id)->name : "";

        printf(name[0] ? "| `%s` |" : "| none%s |", name);
        for (unsigned i = 0; i < MONITORS; i++)
            print_bill(name, monitors[i]);
        printf("\n");
    }
}

static const struct {
    const char *marker;
    void (*print)(void);
} parts[] = {
    {"@VARIANTS@\n", print_variants}, {"@CHANGES@\n", print_changes},
    {"@VERDICTS@\n", print_verdicts}, {"@MINI@\n", print_mini},
    {"@COSTS@\n", print_costs},
};
#define PARTS (sizeof parts / sizeof parts[0])

int main(void)
{
    char line[512];

    while (fgets(line, sizeof line, stdin)) {
        unsigned part = 0;

        while (part < PARTS && strcmp(line, parts[part].marker))
            part++;
        if (part < PARTS)
            parts[part].print();
        else
            fputs(line, stdout);
    }
    return ferror(stdin) || fflush(stdout) != 0;
}
