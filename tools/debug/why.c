/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * why.c - explains the last exit in plain English. Its record answers five questions: what the
 * guest tried, why the CPU refused, what the monitor did, what changed, and what it shows.
 */
#include <inttypes.h>
#include <string.h>

#include "isa/decode.h"
#include "tools/debug/commands.h"
#include "tools/debug/run.h"
#include "tools/debug/say.h"
#include "tools/debug/steps.h"
#include "tools/debug/whylevels.h"
#include "vmm/para.h"

/* One exit being explained. */
struct why {
    struct debug *debug;
    const struct debug_record *record;
    const struct trace_event *event;
    const struct hart *before;
    char pc[DEBUG_NAME + 16];   /* "0x00000010 (name+0x4)" */
    char insn[DISASM_TEXT + 4]; /* "`csrr a0, time`" */
};

typedef void say(const struct why *why, char text[DEBUG_SENTENCE]);

#define SAY(...) ((void)!snprintf(text, DEBUG_SENTENCE, __VA_ARGS__))

static bool is_supervisor(const struct why *why)
{
    return why->before->mode == HART_SUPERVISOR;
}

static struct insn insn_of(const struct why *why)
{
    const struct debug_step *step = debug_record_find(why->record, PROBE_DECODE);

    return step ? step->insn : decode_insn(why->event->insn);
}

/* ---- What the guest tried ---- */

static const char *access_verb(uint32_t cause)
{
    switch (cause) {
    case CAUSE_INSN_ACCESS:
    case CAUSE_INSN_GUEST_PAGE_FAULT:
    case CAUSE_INSN_PAGE_FAULT: return "execute";
    case CAUSE_LOAD_ACCESS:
    case CAUSE_LOAD_GUEST_PAGE_FAULT:
    case CAUSE_LOAD_PAGE_FAULT: return "read";
    default: return "write";
    }
}

static void tried_insn(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("believing itself in %s mode, it executed %s at %s", debug_mode(why->before->mode),
        why->insn, why->pc);
}

static void tried_access(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("believing itself in %s mode, it tried to %s virtual address 0x%08" PRIx32 ": %s at %s",
        debug_mode(why->before->mode), access_verb(why->event->cause), why->event->tval,
        why->insn, why->pc);
}

static void tried_nothing(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("nothing: an interrupt arrived just before it executed %s at %s, in %s mode", why->insn,
        why->pc, debug_mode(why->before->mode));
}

/* ---- Why the CPU refused ---- */

static void refused_privileged(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("the CPU was really in user mode, as always while a guest runs, and the instruction is "
        "privileged: illegal instruction, cause 2");
}

static void refused_unknown(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("it is not an instruction in any mode: illegal instruction, cause 2");
}

static void refused_ecall(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("ecall always traps; the CPU, really in user mode, reports cause 8, whatever mode the "
        "guest believes it is in");
}

static void refused_shadow(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct debug_shot *shot = debug_record_before(why->record);

    SAY("the shadow page table, which the CPU walks, %s: %s, cause %" PRIu32,
        shot->shadow ? "does not allow it" : "has no entry for it",
        trace_cause_name(why->event->cause), why->event->cause);
}

static void refused_nothing(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("it did not: the monitor regained the CPU at the deadline, beyond which it never lets "
        "a guest run");
}

static void refused_always(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("it traps in any mode: %s, cause %" PRIu32, trace_cause_name(why->event->cause),
        why->event->cause);
}

/* With hardware assistance. */

static void tried_own(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("in %s mode of its own it executed %s at %s", debug_mode(why->before->mode), why->insn,
        why->pc);
}

static void tried_own_access(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("in %s mode of its own it tried to %s virtual address 0x%08" PRIx32 ": %s at %s",
        debug_mode(why->before->mode), access_verb(why->event->cause), why->event->tval,
        why->insn, why->pc);
}

static void refused_second_stage(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct debug_step *exit = debug_record_find(why->record, PROBE_EXIT);

    SAY("the CPU walks two tables: the guest's own, and for each guest-physical address the "
        "pmap, which has no entry for gpa 0x%08" PRIx64 "%s: %s, cause %" PRIu32,
        exit ? exit->gpa : 0,
        exit && exit->trap.tinst ? ", where the guest's own table is" : "",
        trace_cause_name(why->event->cause), why->event->cause);
}

static void refused_virtual(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("the CPU handles almost everything in non-root mode itself; this is an exit: %s, cause"
        " %" PRIu32,
        trace_cause_name(why->event->cause), why->event->cause);
}

/* ---- What the monitor did ---- */

static void did_attach(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct debug_step *attach = debug_record_find(why->record, PROBE_ATTACH);

    SAY("gpa 0x%08" PRIx64 " is RAM that was never touched: it attached machine page "
        "0x%08" PRIx32 " in the pmap, which is the second stage's table, and the instruction "
        "runs again",
        attach ? attach->gpa : 0, attach ? attach->mpa.v & ~PAGE_MASK : 0);
}

static void did_mmio_assisted(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct debug_step *exit = debug_record_find(why->record, PROBE_EXIT);

    SAY("gpa 0x%08" PRIx64 " is not RAM but a device: it ran the instruction on the virtual "
        "CPU, and the board's device answered the access",
        exit ? exit->gpa : 0);
}

static void did_emulate(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("it ran that one instruction on the virtual CPU, which is in supervisor mode, with the"
        " same specification as the bare machine (exec_insn)");
}

static void did_inject(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct hart *after = &debug_record_after(why->record)->hart;
    char name[DEBUG_NAME];

    if (whylevels_relayed(why->record)) {
        SAY("the guest is a monitor that runs another one, and lets the board's firmware "
            "switch between that one and its guests: the firmware has done so, and goes on at "
            "0x%08" PRIx32,
            after->pc);
        return;
    }
    if (whylevels_by_firmware(why->record)) {
        SAY("the guest is a monitor, and this was its own guest, which the board's firmware "
            "had entered on its behalf: the call returned at 0x%08" PRIx32
            ", with the trap in their shared memory",
            after->pc);
        return;
    }
    SAY("it delivered the trap to the guest's own handler at 0x%08" PRIx32
        "%s: %s, cause %" PRIu32 ", as the bare machine would have",
        after->pc, debug_name(why->debug, why->debug->vm, HART_SUPERVISOR, after->pc, name),
        trace_cause_name(after->scause), CAUSE_CODE(after->scause));
}

static void did_sbi(const struct why *why, char text[DEBUG_SENTENCE])
{
    enum { A6 = 16, A7 = 17 };

    if (why->event->cause == CAUSE_ILLEGAL_INSN) {
        SAY("the board's firmware emulated the access: stimecmp is the deadline of its timer");
        return;
    }
    SAY("an ecall from supervisor mode calls the firmware: the board served SBI call 0x%" PRIx32
        ", function %" PRIu32,
        why->before->x[A7], why->before->x[A6]);
}

static void did_para(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct hart *after = &debug_record_after(why->record)->hart;

    SAY("an ecall from supervisor mode with a7 0x%" PRIx32
        " calls the monitor itself: it served "
        "hypercall %s, function %" PRIu32 ", and the guest goes on at 0x%08" PRIx32,
        PARA_EXTENSION, para_name((enum para_function)why->event->count), why->event->count,
        after->pc);
}

static void did_fill(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct debug_step *fill = debug_record_find(why->record, PROBE_FILL);
    const struct debug_step *walk = debug_record_find(why->record, PROBE_WALK);

    SAY("%s gpa 0x%08" PRIx64 "; it made a shadow entry for the machine page behind that, "
        "0x%08" PRIx32 ", and the instruction runs again",
        why->before->satp & SATP_SV32 ? "the guest's own table allows it and gives"
                                      : "the guest has translation off, so the address is",
        walk ? walk->walk.pa : 0, fill ? fill->mapping.mpa.v : 0);
}

static void did_mmio(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct debug_step *walk = debug_record_find(why->record, PROBE_WALK);

    (void)why;
    SAY("gpa 0x%08" PRIx64 " is not RAM but a device: it ran the instruction on the virtual "
        "CPU, with the board's device to answer the access",
        walk ? walk->walk.pa : 0);
}

static void did_pte_write(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("the page is write-protected because the monitor must see writes to it (it holds a "
        "guest page table, or code): it ran the store on the virtual CPU, and dropped "
        "everything derived from the old bytes");
}

static void did_interpret(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("this engine's CPU would not trap a sensitive instruction in that page: the monitor "
        "ran %" PRIu32 " instructions there on the virtual CPU, one by one",
        why->event->count);
}

static void did_restart(const struct why *why, char text[DEBUG_SENTENCE])
{
    const struct hart *after = &debug_record_after(why->record)->hart;

    SAY("the machine restarts: harts and devices are reset, kernel and device tree are loaded "
        "again, the shadows are empty, and hart 0 enters at 0x%08" PRIx32,
        after->pc);
}

static void did_end(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("it ended this VM and no other: %s",
        vm_end_text((enum vm_end)debug_record_after(why->record)->end));
}

/* ---- What it shows ---- */

static void shows_emulate(const struct why *why, char text[DEBUG_SENTENCE])
{
    struct insn insn = insn_of(why);
    const struct insn_desc *desc = insn_desc((enum insn_id)insn.id);
    unsigned class = desc->sensitivity;

    if (class == INSN_SENSITIVITY_BY_CSR && csr_find((uint32_t)insn.imm) != CSR_NONE)
        class = csr_desc(csr_find((uint32_t)insn.imm))->sensitivity;
    SAY("Popek & Goldberg, theorem 1: every sensitive instruction must be privileged. This one"
        " is %s-sensitive (%s), so it must trap, and the monitor interprets it",
        class == INSN_BEHAVIOUR ? "behaviour" : "control",
        class == INSN_BEHAVIOUR
            ? "its result depends on the machine underneath"
            : "it can change or reveal the mode, the mapping, interrupts or devices");
}

static void shows_equivalence(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, equivalence: the guest sees the trap that the bare machine would "
        "have given it, with the same cause, address and pc, and no trace of the monitor");
}

static void shows_control(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, resource control: the allocator alone decides which machine page a "
        "guest reaches. And efficiency: the next access to this page runs directly");
}

static void shows_io(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, resource control: no guest reaches a real device, only its own "
        "board's, because no shadow entry ever maps one");
}

static void shows_service(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, equivalence: the firmware answers in a VM as on the bare machine, "
        "because it is the same code");
}

static void shows_para(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Xen, paravirtualisation: a guest that knows about the monitor makes one call instead "
        "of many traps; this gives up equivalence, but the monitor checks each request, and "
        "keeps control of resources");
}

static void shows_restart(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, equivalence and resource control: the guest restarts its own "
        "virtual machine; other VMs do not notice");
}

static void shows_second_stage(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, resource control: whatever the guest writes into its page tables, "
        "the second stage belongs to the monitor. It needs no shadow page tables, and no exits"
        " to maintain them");
}

static void shows_io_assisted(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, resource control: no guest reaches a real device, only its own "
        "board's, because the second stage never maps one");
}

static void shows_assistance(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, theorem 1, satisfied in another way: sensitive instructions act on "
        "the guest's own state, and only those that concern the whole machine must trap");
}

static void shows_time(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, equivalence and resource control: the interrupt comes at the same "
        "instruction as on the bare machine, and no guest can keep the CPU from the monitor");
}

static void shows_hybrid(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, theorem 3: where a CPU does not trap a sensitive instruction, a "
        "hybrid monitor interprets the code that contains it");
}

static void shows_recursion(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, theorem 2: a monitor can run in a virtual machine, where it sees "
        "the traps of its own guests as on the bare machine");
}

static void shows_end(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Popek & Goldberg, resource control: nothing that a guest does can end another guest; "
        "the monitor takes back its pages and its turn, and other VMs go on");
}

/* ---- Which exit has which answers ---- */

struct answers {
    const char *kind;
    say *tried, *refused, *did, *shows;
};

static const struct answers
    ended = {"end", tried_insn, refused_privileged, did_end, shows_end},
    stuck = {"end", tried_insn, refused_always, did_end, shows_end},
    ended_by_call = {"end", tried_insn, refused_ecall, did_end, shows_end},
    restarted_by_call = {"restart", tried_insn, refused_ecall, did_restart, shows_restart},
    restarted = {"restart", tried_access, refused_shadow, did_restart, shows_restart},
    interrupt = {"interrupt", tried_nothing, refused_nothing, did_inject, shows_time},
    hypercall = {"hypercall", tried_insn, refused_ecall, did_para, shows_para},
    firmware = {"firmware call", tried_insn, refused_ecall, did_sbi, shows_service},
    emulated_timer = {"emulated by firmware", tried_insn, refused_unknown, did_sbi,
                      shows_service},
    system_call = {"system call", tried_insn, refused_ecall, did_inject, shows_equivalence},
    emulated = {"privileged instruction", tried_insn, refused_privileged, did_emulate,
                shows_emulate},
    filled = {"shadow fill", tried_access, refused_shadow, did_fill, shows_control},
    device = {"device access", tried_access, refused_shadow, did_mmio, shows_io},
    table = {"watched store", tried_access, refused_shadow, did_pte_write, shows_control},
    interpreted = {"interpreted page", tried_access, refused_shadow, did_interpret,
                   shows_hybrid},
    fault = {"guest's own fault", tried_access, refused_shadow, did_inject, shows_equivalence},
    privileged = {"privileged in user mode", tried_insn, refused_privileged, did_inject,
                  shows_equivalence},
    illegal = {"illegal instruction", tried_insn, refused_unknown, did_inject,
               shows_equivalence},
    inner_fault = {"fault of a guest's guest", tried_access, refused_shadow, did_inject,
                   shows_recursion},
    inner_call = {"call of a guest's guest", tried_insn, refused_ecall, did_inject,
                  shows_recursion},
    inner_insn = {"instruction of a guest's guest", tried_insn, refused_privileged, did_inject,
                  shows_recursion},
    other = {"guest's own trap", tried_insn, refused_always, did_inject, shows_equivalence};

/* The same with hardware assistance. */
static const struct answers
    assisted_end = {"end", tried_own, refused_virtual, did_end, shows_end},
    assisted_restart = {"restart", tried_own, refused_virtual, did_restart, shows_restart},
    assisted_firmware = {"firmware call", tried_own, refused_virtual, did_sbi, shows_service},
    assisted_wait = {"virtual instruction", tried_own, refused_virtual, did_emulate,
                     shows_assistance},
    assisted_illegal = {"privileged in user mode", tried_own, refused_virtual, did_inject,
                        shows_equivalence},
    attached = {"page attached", tried_own_access, refused_second_stage, did_attach,
                shows_second_stage},
    assisted_device = {"device access", tried_own_access, refused_second_stage,
                       did_mmio_assisted, shows_io_assisted},
    assisted_fault = {"access to nothing", tried_own_access, refused_second_stage, did_inject,
                      shows_equivalence};

static const struct answers *of_assisted(const struct why *why)
{
    if (debug_record_after(why->record)->end != VM_RUNS)
        return &assisted_end;
    switch ((enum trace_action)why->event->action) {
    case TRACE_EMULATE: return &assisted_wait;
    case TRACE_INJECT: return why->record->has_va ? &assisted_fault : &assisted_illegal;
    case TRACE_INTERRUPT: return &interrupt;
    case TRACE_SBI: return &assisted_firmware;
    case TRACE_FILL: return &attached;
    case TRACE_MMIO: return &assisted_device;
    case TRACE_RESTART: return &assisted_restart;
    default: return &stuck;
    }
}

static const struct answers *of_end(const struct why *why)
{
    if (why->event->cause == CAUSE_ECALL_USER)
        return &ended_by_call;
    return why->event->cause == CAUSE_ILLEGAL_INSN && insn_of(why).id != INSN_ILLEGAL ? &ended
                                                                                      : &stuck;
}

static const struct answers *of_restart(const struct why *why)
{
    return why->event->cause == CAUSE_ECALL_USER ? &restarted_by_call : &restarted;
}

static const struct answers *of_inner(const struct why *why)
{
    if (why->record->has_va)
        return &inner_fault;
    return why->event->cause == CAUSE_ECALL_USER ? &inner_call : &inner_insn;
}

static const struct answers *of_injected(const struct why *why)
{
    if (whylevels_by_firmware(why->record) || whylevels_relayed(why->record))
        return of_inner(why);
    if (why->event->cause == CAUSE_ECALL_USER)
        return &system_call;
    if (why->event->cause == CAUSE_ILLEGAL_INSN)
        return insn_of(why).id == INSN_ILLEGAL || is_supervisor(why) ? &illegal : &privileged;
    return why->record->has_va ? &fault : &other;
}

static const struct answers *answers_of(const struct why *why)
{
    if (why->record->vm->config.monitor == VM_ASSIST)
        return of_assisted(why);
    if (debug_record_after(why->record)->end != VM_RUNS)
        return of_end(why);
    switch ((enum trace_action)why->event->action) {
    case TRACE_EMULATE: return &emulated;
    case TRACE_INJECT: return of_injected(why);
    case TRACE_INTERRUPT: return &interrupt;
    case TRACE_SBI:
        return why->event->cause == CAUSE_ILLEGAL_INSN ? &emulated_timer : &firmware;
    case TRACE_PARA: return &hypercall;
    case TRACE_FILL: return &filled;
    case TRACE_MMIO: return &device;
    case TRACE_PTE_WRITE: return &table;
    case TRACE_INTERPRET: return &interpreted;
    case TRACE_RESTART: return of_restart(why);
    case TRACE_SWITCH:
    case TRACE_KILL:
    case TRACE_ACTIONS: break;
    }
    return &stuck;
}

/* ---- Saying it ---- */

static void describe(struct why *why)
{
    char name[DEBUG_NAME], insn[DISASM_TEXT] = "an instruction that cannot be read";
    uint32_t raw = why->event->insn;

    (void)!snprintf(
        why->pc, sizeof why->pc, "0x%08" PRIx32 "%s", why->event->pc,
        debug_name(why->debug, why->event->vm - 1u, why->before->mode, why->event->pc, name));
    if (raw || debug_fetch(why->debug, why->event->pc, &raw))
        (void)debug_insn(why->debug, raw, why->event->pc, insn);
    (void)!snprintf(why->insn, sizeof why->insn, raw ? "`%s`" : "%s", insn);
}

static void answer(const struct why *why, const char *label, const char *key, say *how)
{
    char text[DEBUG_SENTENCE];

    how(why, text);
    debug_say_wrapped(why->debug->out, label, text);
    json_put_text(why->debug->data, key, text);
}

static void say_changes(const struct why *why)
{
    struct debug_fields changes;

    debug_changes(debug_record_before(why->record), debug_record_after(why->record), &changes);
    fputs(changes.count ? "Changed\n" : "Changed    nothing that the guest can see.\n",
          why->debug->out);
    debug_print_changes(why->debug->out, &changes, "           ");
    json_put(why->debug->data, "changed", debug_json_changes(&changes));
}

static void refused_translated(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("it did not: `%s` is privileged, but the CPU never saw it. It ran a translation: loads and "
        "stores in the virtual CPU's registers in memory ('pz translate --monitor translate --at "
        "0x%08" PRIx32 "' shows one)",
        insn_desc((enum insn_id)decode_insn(why->event->insn).id)->name, why->event->pc);
}

static void did_translated(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("nothing: neither the mapping nor an interrupt depended on it");
}

static void shows_translated(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Adams & Agesen 2006: translated instructions need not trap, which is faster, and "
        "possible even where theorem 1 does not hold");
}

static void refused_callout(const struct why *why, char text[DEBUG_SENTENCE])
{
    SAY("it did not: this instruction has faulted here before, several times, so it is a callout: "
        "the translation finds no entry for 0x%08" PRIx32 ", and calls the monitor",
        why->event->tval);
}

static void did_callout(const struct why *why, char text[DEBUG_SENTENCE])
{
    if (why->event->action == TRACE_MMIO)
        SAY("it made the access on the board's device, and returned into the translation");
    else
        SAY("it made the store to the guest's page table, and dropped the shadow entries "
            "derived from the old contents");
}

static void shows_callout(const struct why *why, char text[DEBUG_SENTENCE])
{
    (void)why;
    SAY("Adams & Agesen 2006, adaptive binary translation: a call costs less than a fault, and"
        " the translator learns which accesses fault");
}

/* There was no exit: nothing refused the instruction. */
static void say_translated(struct debug *debug)
{
    static const struct answers callout = {"callout", tried_access, refused_callout,
                                           did_callout, shows_callout},
                                in_place = {"translated", tried_insn, refused_translated,
                                            did_translated, shows_translated};
    struct hart before = {.mode = debug->translated.mode};
    struct why why = {.debug = debug, .event = &debug->translated, .before = &before};
    const struct answers *answers = why.event->action == TRACE_EMULATE ? &in_place : &callout;

    describe(&why);
    fprintf(debug->out, "vm%u, %s: no exit:\n", why.event->vm - 1u, answers->kind);
    json_put_text(debug->data, "kind", answers->kind);
    answer(&why, "Tried", "tried", answers->tried);
    answer(&why, "Refused", "refused", answers->refused);
    answer(&why, "Done", "did", answers->did);
    answer(&why, "Shows", "shows", answers->shows);
}

enum pz_err debug_why(struct debug *debug, const char *words, struct problem *problem)
{
    struct why why = {.debug = debug, .record = &debug->record};
    const struct answers *answers;
    enum pz_err err;

    if (*words)
        return problem_set(problem, PZ_USAGE,
                           "why takes no arguments: it explains the last exit");
    if (debug_is_translated(debug)) {
        say_translated(debug);
        return PZ_OK;
    }
    err = debug_recorded(debug, problem);
    if (err)
        return err;
    why.event = &debug->record.event;
    why.before = &debug_record_before(&debug->record)->hart;
    describe(&why);
    answers = answers_of(&why);
    fprintf(debug->out, "vm%u, %s:\n", why.event->vm - 1u, answers->kind);
    json_put_text(debug->data, "kind", answers->kind);
    answer(&why, "Tried", "tried", answers->tried);
    answer(&why, "Refused", "refused", answers->refused);
    answer(&why, "Done", "did", answers->did);
    whylevels_tell(debug);
    say_changes(&why);
    answer(&why, "Shows", "shows", answers->shows);
    return PZ_OK;
}
