/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outcome.c - what report.c prints for people, as values of a document. */
#include "tools/show/outcome.h"

#include "tools/base/base.h"
#include "vmm/para.h"

static json_t *counter(const struct trace_counter *counter)
{
    json_t *object = json_object();

    json_put_number(object, "count", counter->count);
    json_put_number(object, "ns", counter->ns);
    return object;
}

static json_t *counters_by(const struct trace_counter *counters, unsigned count,
                           const char *(*name)(unsigned which))
{
    json_t *object = json_object();

    for (unsigned i = 0; i < count; i++)
        if (counters[i].count)
            json_put(object, name(i), counter(&counters[i]));
    return object;
}

static const char *action_name(unsigned which)
{
    return trace_action_name((enum trace_action)which);
}

static const char *cause_name(unsigned which)
{
    return trace_cause_name(which);
}

static const char *insn_name(unsigned which)
{
    return insn_desc((enum insn_id)which)->name;
}

static const char *csr_name(unsigned which)
{
    return csr_desc((enum csr_id)which)->name;
}

static const char *call_name(unsigned which)
{
    return para_name((enum para_function)which);
}

json_t *outcome_counters(const struct trace_counters *counters)
{
    json_t *object = json_object();

    json_put_number(object, "total", counters->exits);
    json_put_number(object, "emulated", counters->emulated);
    json_put_number(object, "interpreted", counters->interpreted);
    json_put_number(object, "translated", counters->translated);
    json_put_number(object, "callouts", counters->callouts);
    json_put(object, "action", counters_by(counters->action, TRACE_ACTIONS, action_name));
    json_put(object, "cause", counters_by(counters->cause, CAUSE_EXCEPTIONS, cause_name));
    json_put(object, "instruction", counters_by(counters->insn, INSN_COUNT, insn_name));
    json_put(object, "csr", counters_by(counters->csr, CSR_COUNT, csr_name));
    if (counters->action[TRACE_PARA].count)
        json_put(object, "hypercall",
                 counters_by(counters->para, PARA_FUNCTIONS + 1, call_name));
    return object;
}

const char *outcome_end(enum vm_end end)
{
    static const char *const words[VM_ENDS] = {
        [VM_RUNS] = "running", [VM_OFF] = "off",       [VM_FAILED] = "failed",
        [VM_IDLE] = "idle",    [VM_STUCK] = "stuck",   [VM_NO_MEMORY] = "no-memory",
        [VM_LIMIT] = "limit",  [VM_KILLED] = "killed", [VM_NO_PROGRESS] = "no-progress",
    };

    return words[end];
}

const char *outcome_power(enum board_power power)
{
    static const char *const words[] = {
        [BOARD_ON] = "running", [BOARD_OFF] = "off",     [BOARD_FAILED] = "failed",
        [BOARD_IDLE] = "idle",  [BOARD_STUCK] = "stuck", [BOARD_RESTART] = "restart",
    };

    return words[power];
}

static json_t *sharing_of(const struct share *share)
{
    json_t *object = json_object();

    json_put_number(object, "shared_pages", share->pages);
    json_put_number(object, "saved_pages", share_saved(share));
    json_put_number(object, "most_saved_pages", share->most_refs - share->most_pages);
    json_put_number(object, "most_mapped_pages", share->most_refs);
    json_put_number(object, "looked", share->looked);
    json_put_number(object, "merged", share->merged);
    json_put_number(object, "broken", share->broken);
    return object;
}

static json_t *paging_of(const struct vmm *vmm)
{
    json_t *object = json_object();

    json_put_number(object, "machine_pages", vmm->allocator.count);
    json_put_number(object, "written", vmm->paging.out);
    json_put_number(object, "read", vmm->paging.in);
    return object;
}

void outcome_moving(json_t *object, const struct vmm *vmm)
{
    if (vmm->share.on)
        json_put(object, "sharing", sharing_of(&vmm->share));
    if (vmm->paging.store.write)
        json_put(object, "paging", paging_of(vmm));
}
