/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps.c - says each step in a sentence; there is one small function for each kind of step. */
#include "tools/debug/steps.h"

#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/say.h"

/* What a sentence is made of. */
struct telling {
    const struct debug *debug;
    const struct debug_step *step;
    const struct hart *hart; /* before the step */
    char *text;
};

#define SAY(t, ...) ((void)!snprintf((t)->text, DEBUG_SENTENCE, __VA_ARGS__))

static const char *access_text(unsigned access)
{
    static const char *const names[] = {
        [ACCESS_FETCH] = "a fetch", [ACCESS_LOAD] = "a load", [ACCESS_STORE] = "a store"};

    return names[access];
}

static bool in_non_root(const struct telling *t)
{
    return t->debug->machine->vms[t->step->vm - 1u].config.monitor == VM_ASSIST;
}

static void tell_exit_non_root(struct telling *t)
{
    const struct trap *trap = &t->step->trap;
    char where[DEBUG_SENTENCE / 2] = "";

    if (trace_is_second_stage(trap->cause))
        (void)!snprintf(where, sizeof where, " of gpa 0x%08" PRIx64 "%s", t->step->gpa,
                        trap->tinst ? ", an entry of the guest's page table," : "");
    SAY(t, "the CPU left non-root mode: %s%s at pc 0x%08" PRIx32 ", in %s mode",
        trace_cause_name(trap->cause), where, t->hart->pc, debug_mode(t->hart->mode));
}

static void tell_exit(struct telling *t)
{
    if (in_non_root(t)) {
        tell_exit_non_root(t);
        return;
    }
    SAY(t,
        "the CPU trapped: %s at pc 0x%08" PRIx32
        "; it was in user mode, the guest believes it is in %s mode",
        trace_cause_name(t->step->trap.cause), t->hart->pc, debug_mode(t->hart->mode));
}

static void tell_handler(struct telling *t)
{
    SAY(t, "the dispatcher chose %s()", t->step->name);
}

static void tell_decode(struct telling *t)
{
    char insn[DISASM_TEXT];

    SAY(t, "0x%08" PRIx32 " is %s", t->step->insn.raw,
        t->step->insn.id == INSN_ILLEGAL
            ? "not a PZ32 instruction"
            : debug_insn(t->debug, t->step->insn.raw, t->hart->pc, insn));
}

static void tell_walk(struct telling *t)
{
    static const char *const results[] = {
        [SV32_OK] = "allows it",
        [SV32_PAGE_FAULT] = "does not allow it: a page fault for the guest",
        [SV32_ACCESS_FAULT] = "points outside RAM: an access fault"};

    if (!t->step->walk.pte_pa && t->step->result == SV32_OK)
        SAY(t, "the guest has translation off: gva is gpa 0x%08" PRIx64, t->step->walk.pa);
    else if (t->step->result == SV32_OK)
        SAY(t, "the guest's own table %s: %s, level %u, gpa 0x%08" PRIx64, results[SV32_OK],
            access_text(t->step->access), t->step->walk.level, t->step->walk.pa);
    else
        SAY(t, "the guest's own table, walked for %s, %s", access_text(t->step->access),
            results[t->step->result]);
}

/*
 * The device register that an access is to. Its name may be another for reads than for writes.
 */
static const char *device_register(const struct debug_step *step, bool store)
{
    static const char *const loads[BOARD_UART_SIZE] = {"RBR", "IER", "IIR", "LCR",
                                                       "MCR", "LSR", "MSR", "SCR"};
    static const char *const stores[BOARD_UART_SIZE] = {"THR", "IER", "FCR", "LCR",
                                                        "MCR", "LSR", "MSR", "SCR"};
    uint64_t offset = step->gpa - BOARD_UART_BASE;

    if (offset >= BOARD_UART_SIZE)
        return NULL;
    if (offset < 2 && (step->before.console.uart.at[UART_LCR] & UART_LCR_DLAB))
        return offset ? "DLM" : "DLL";
    return store ? stores[offset] : loads[offset];
}

/* "; the UART's THR at gpa 0x10000000 is set to 0x21", or "" if no device is involved. */
static const char *device_text(const struct debug_step *step, char text[DEBUG_SENTENCE])
{
    unsigned format = insn_desc((enum insn_id)step->insn.id)->format;
    bool store = format == FORMAT_STORE || format == FORMAT_AMO;
    const char *name = device_register(step, store);

    text[0] = 0;
    if (!step->on_device)
        return text;
    if (!name)
        (void)!snprintf(text, DEBUG_SENTENCE, "; there is no device at gpa 0x%08" PRIx64,
                        step->gpa);
    else if (store)
        (void)!snprintf(text, DEBUG_SENTENCE,
                        "; the UART's %s at gpa 0x%08" PRIx64 " is set to 0x%02x", name,
                        step->gpa, (uint8_t)step->before.hart.x[step->insn.rs2]);
    else
        (void)!snprintf(text, DEBUG_SENTENCE,
                        "; the UART's %s at gpa 0x%08" PRIx64 " reads 0x%02x", name, step->gpa,
                        (uint8_t)step->after.hart.x[step->insn.rd]);
    return text;
}

static void tell_emulate(struct telling *t)
{
    char insn[DISASM_TEXT], device[DEBUG_SENTENCE];

    (void)debug_insn(t->debug, t->step->insn.raw, t->hart->pc, insn);
    if (t->step->has_trap)
        SAY(t, "exec_insn() ran %s on the virtual CPU, in %s mode: it traps there too, %s",
            insn, debug_mode(t->hart->mode), trace_cause_name(t->step->trap.cause));
    else
        SAY(t, "exec_insn() ran %s on the virtual CPU, in %s mode%.200s", insn,
            debug_mode(t->hart->mode), device_text(t->step, device));
}

static void tell_reconcile(struct telling *t)
{
    static const char *const events[] = {
        [EXEC_NOTHING] = "nothing in the monitor depends on it",
        [EXEC_CSR] = "a CSR was written: mode and mapping are checked again before resuming",
        [EXEC_SRET] =
            "the mode may have changed: the shadow root is chosen again before resuming",
        [EXEC_WFI] = "the virtual CPU waits for an interrupt: time is skipped, or others run",
        [EXEC_FENCE_I] = "instruction memory may have changed: the engine keeps track itself",
        [EXEC_PAUSE] = "the virtual CPU spins: with others its turn ends",
        [EXEC_SFENCE_VMA] = "translations that the fence names are dropped from the shadows"};

    SAY(t, "%s", events[t->step->event]);
}

static void tell_fill(struct telling *t)
{
    const struct shadow_mapping *mapping = &t->step->mapping;
    uint32_t entry = t->step->after.shadow;

    SAY(t, "shadow_map(): gva 0x%08" PRIx32 " now maps to machine page 0x%08" PRIx32 ", %s%s%s",
        mapping->gva.v & ~PAGE_MASK, mapping->mpa.v, entry & PTE_R ? "R" : "",
        entry & PTE_W ? "W" : "", entry & PTE_X ? "X" : "");
}

static void tell_attach(struct telling *t)
{
    SAY(t,
        "pmap_translate(): gpa 0x%08" PRIx64 " is RAM: its page is machine page 0x%08" PRIx32
        " in the second stage's table from here on",
        t->step->gpa, t->step->mpa.v & ~PAGE_MASK);
}

static void tell_inject(struct telling *t)
{
    char name[DEBUG_NAME];

    SAY(t, "the guest's own handler is entered: %s, pc 0x%08" PRIx32 "%s",
        trace_cause_name(t->step->trap.cause), t->step->after.hart.pc,
        debug_name(t->debug, t->step->vm - 1u, HART_SUPERVISOR, t->step->after.hart.pc, name));
}

static void tell_sbi(struct telling *t)
{
    enum { A6 = 16, A7 = 17 };

    if (t->step->trap.cause == CAUSE_ILLEGAL_INSN) {
        SAY(t, "the board's firmware emulated an access to its timer");
        return;
    }
    SAY(t, "the board's firmware served SBI call 0x%" PRIx32 ", function %" PRIu32,
        t->hart->x[A7], t->hart->x[A6]);
}

static void tell_para(struct telling *t)
{
    SAY(t, "the monitor served hypercall %s", t->step->name);
}

static void tell_look(struct telling *t)
{
    SAY(t, "pending interrupts are checked before resuming: %s",
        hart_interrupt(&t->step->after.hart) ? "one is to be taken" : "none is to be taken");
}

static void tell_switch(struct telling *t)
{
    if (t->step->from)
        SAY(t, "world switch: the CPU passes from vm%u to vm%u", t->step->from - 1u,
            t->step->vm - 1u);
    else
        SAY(t, "world switch: the CPU was idle and passes to vm%u", t->step->vm - 1u);
}

static void tell_space(struct telling *t)
{
    if (in_non_root(t)) {
        SAY(t, "the CPU walks the second stage's root at 0x%08" PRIx32 ", the pmap of vm%u",
            (t->step->after.root & SATP_PPN) << PAGE_SHIFT, t->step->vm - 1u);
        return;
    }
    SAY(t,
        "the CPU walks the shadow root at 0x%08" PRIx32 ", made for satp 0x%08" PRIx32
        ", %s mode",
        (t->step->after.root & SATP_PPN) << PAGE_SHIFT, t->hart->satp,
        debug_mode(t->hart->mode));
}

static void tell_resume(struct telling *t)
{
    char name[DEBUG_NAME];

    SAY(t, "vm%u resumes at 0x%08" PRIx32 "%s, %s %s mode", t->step->vm - 1u, t->hart->pc,
        debug_name(t->debug, t->step->vm - 1u, t->hart->mode, t->hart->pc, name),
        in_non_root(t) ? "in non-root mode, in" : "in user mode, believing it is in",
        debug_mode(t->hart->mode));
}

static void tell_end(struct telling *t)
{
    SAY(t, "vm%u: %s", t->step->vm - 1u, vm_end_text((enum vm_end)t->step->after.end));
}

static void tell_restart(struct telling *t)
{
    SAY(t,
        "vm%u: the machine restarts: harts and devices are out of reset, the kernel is loaded again",
        t->step->vm - 1u);
}

static const struct {
    const char *name;
    void (*tell)(struct telling *t);
} kinds[] = {
    [PROBE_EXIT] = {"exit", tell_exit},
    [PROBE_HANDLER] = {"dispatch", tell_handler},
    [PROBE_DECODE] = {"decode", tell_decode},
    [PROBE_WALK] = {"walk", tell_walk},
    [PROBE_EMULATE] = {"emulate", tell_emulate},
    [PROBE_RECONCILE] = {"reconcile", tell_reconcile},
    [PROBE_FILL] = {"fill", tell_fill},
    [PROBE_ATTACH] = {"attach", tell_attach},
    [PROBE_INJECT] = {"inject", tell_inject},
    [PROBE_SBI] = {"firmware", tell_sbi},
    [PROBE_PARA] = {"hypercall", tell_para},
    [PROBE_INTERRUPT] = {"interrupt", tell_inject},
    [PROBE_SWITCH] = {"switch", tell_switch},
    [PROBE_ENTER] = {"enter", tell_resume},
    [PROBE_LOOK] = {"look", tell_look},
    [PROBE_SPACE] = {"space", tell_space},
    [PROBE_RESUME] = {"resume", tell_resume},
    [PROBE_RESTART] = {"restart", tell_restart},
    [PROBE_END] = {"end", tell_end},
};

const char *debug_step_name(const struct debug_step *step)
{
    return kinds[step->point].name;
}

void debug_step_text(const struct debug *debug, const struct debug_step *step,
                     char text[DEBUG_SENTENCE])
{
    struct telling t = {debug, step, &step->before.hart, text};

    kinds[step->point].tell(&t);
}
