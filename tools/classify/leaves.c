/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leaves.c - with hardware assistance: which instructions leave non-root mode, in which of the
 * guest's modes, and why; and how many are sensitive only without it.
 */
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/classify/report.h"
#include "tools/host/host.h"
#include "vmm/trace.h"

#define REASONS 5u

/* The causes, and why each concerns the monitor. */
static const struct {
    uint32_t cause;
    const char *why;
} reasons[REASONS] = {
    {CAUSE_ECALL_VIRTUAL, "the guest's kernel calls its firmware, which is the monitor"},
    {CAUSE_INSN_GUEST_PAGE_FAULT, "no page is attached there"},
    {CAUSE_LOAD_GUEST_PAGE_FAULT, "no page is attached there, or it is a device"},
    {CAUSE_VIRTUAL_INSN,
     "wfi would stop the real CPU; of a program, it is for the guest's kernel"},
    {CAUSE_STORE_GUEST_PAGE_FAULT, "no page is attached there, or it is a device"},
};

static const char *causes_text(uint32_t causes, char text[CLASSIFY_LIST])
{
    text[0] = '\0';
    for (unsigned i = 0; i < REASONS; i++)
        if (causes >> reasons[i].cause & 1) {
            size_t used = strlen(text);

            snprintf(text + used, CLASSIFY_LIST - used, "%s%s", used ? ", " : "",
                     trace_cause_name(reasons[i].cause));
        }
    return text[0] ? text : "never";
}

/* ---- What leaves ---- */

static bool leaves_so(const struct classify_result *result, const void *owner)
{
    return !memcmp(result->leaves, owner, sizeof result->leaves);
}

/* Is it the first of the rows that leave in this way? */
static bool is_first(const struct classification *all, unsigned index)
{
    for (unsigned i = 0; i < index; i++)
        if (leaves_so(&all->results[i], all->results[index].leaves))
            return false;
    return true;
}

static void print_group(const struct classification *all, const uint32_t leaves[2])
{
    char super[CLASSIFY_LIST], user[CLASSIFY_LIST];

    if (!leaves[HART_SUPERVISOR] && !leaves[HART_USER])
        return;
    printf("\n%u leave: in supervisor mode %s; in user mode %s\n",
           classify_count(all, leaves_so, leaves), causes_text(leaves[HART_SUPERVISOR], super),
           causes_text(leaves[HART_USER], user));
    classify_print_names(all, leaves_so, leaves);
}

static void print_reasons(const struct classification *all)
{
    struct table table;
    uint32_t left = 0;

    for (unsigned i = 0; i < all->count; i++)
        left |= all->results[i].leaves[HART_USER] | all->results[i].leaves[HART_SUPERVISOR];
    if (!left)
        return;
    putchar('\n');
    table_init(&table, "ll");
    for (unsigned i = 0; i < REASONS; i++)
        if (left >> reasons[i].cause & 1)
            table_add(&table, "%s\t%s", trace_cause_name(reasons[i].cause), reasons[i].why);
    table_print(&table, stdout, 0, 0);
}

/* ---- What does not need to any more ---- */

/* Sensitive without assistance, but not with it; and supervisor mode never leaves by it. */
static bool is_freed(const struct classify_result *result, const void *owner)
{
    (void)owner;
    return result->row->exists && result->row->sensitivity != INSN_INNOCUOUS &&
           !(result->kinds & CLASSIFY_SENSITIVE) && !result->leaves[HART_SUPERVISOR];
}

void classify_print_leaves(const struct classification *all)
{
    unsigned freed = classify_count(all, is_freed, NULL);

    for (unsigned i = 0; i < all->count; i++)
        if (is_first(all, i))
            print_group(all, all->results[i].leaves);
    print_reasons(all);
    if (!freed)
        return;
    printf(
        "\n%u that are sensitive without assistance are not with it: in supervisor mode they "
        "never\nleave, and all that they depend on or change is the guest's own\n",
        freed);
}
