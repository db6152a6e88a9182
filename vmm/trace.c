/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.c - the names of traced actions and causes. */
#include "vmm/trace.h"

const char *trace_action_name(enum trace_action action)
{
    static const char *const names[TRACE_ACTIONS] = {
        [TRACE_EMULATE] = "emulate",     [TRACE_INJECT] = "inject",
        [TRACE_INTERRUPT] = "interrupt", [TRACE_SBI] = "sbi",
        [TRACE_FILL] = "fill",           [TRACE_MMIO] = "mmio",
        [TRACE_PTE_WRITE] = "pte-write", [TRACE_INTERPRET] = "interpret",
        [TRACE_SWITCH] = "switch",       [TRACE_KILL] = "kill",
        [TRACE_RESTART] = "restart",     [TRACE_PARA] = "hypercall",
    };

    return action < TRACE_ACTIONS ? names[action] : "unknown";
}

static const char *interrupt_name(uint32_t code)
{
    switch (code) {
    case IRQ_SSOFT: return "software interrupt";
    case IRQ_STIMER: return "timer interrupt";
    case IRQ_SEXT: return "external interrupt";
    default: return "unknown interrupt";
    }
}

const char *trace_cause_name(uint32_t cause)
{
    static const char *const names[CAUSE_EXCEPTIONS] = {
        [CAUSE_INSN_MISALIGNED] = "instruction address misaligned",
        [CAUSE_INSN_ACCESS] = "instruction access fault",
        [CAUSE_ILLEGAL_INSN] = "illegal instruction",
        [CAUSE_BREAKPOINT] = "breakpoint",
        [CAUSE_LOAD_MISALIGNED] = "load address misaligned",
        [CAUSE_LOAD_ACCESS] = "load access fault",
        [CAUSE_STORE_MISALIGNED] = "store/AMO address misaligned",
        [CAUSE_STORE_ACCESS] = "store/AMO access fault",
        [CAUSE_ECALL_USER] = "ecall from user mode",
        [CAUSE_ECALL_SUPERVISOR] = "ecall from supervisor mode",
        [CAUSE_INSN_PAGE_FAULT] = "instruction page fault",
        [CAUSE_LOAD_PAGE_FAULT] = "load page fault",
        [CAUSE_STORE_PAGE_FAULT] = "store/AMO page fault",
        [CAUSE_ECALL_VIRTUAL] = "ecall from virtual supervisor mode",
        [CAUSE_INSN_GUEST_PAGE_FAULT] = "instruction guest-page fault",
        [CAUSE_LOAD_GUEST_PAGE_FAULT] = "load guest-page fault",
        [CAUSE_VIRTUAL_INSN] = "virtual instruction",
        [CAUSE_STORE_GUEST_PAGE_FAULT] = "store/AMO guest-page fault",
    };

    if (cause & CAUSE_INTERRUPT)
        return interrupt_name(CAUSE_CODE(cause));
    return cause < CAUSE_EXCEPTIONS && names[cause] ? names[cause] : "unknown exception";
}
