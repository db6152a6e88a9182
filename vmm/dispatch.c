/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.c - from the cause of a trap to its handler, by table. A handler does one of three
 * things: deliver the trap that the bare machine would have taken (inject), run the instruction
 * on the virtual CPU (emulate), or update the shadow and retry (fill).
 */
#include "vmm/dispatch.h"

#include "isa/decode.h"
#include "vmm/code.h"
#include "vmm/dirty.h"
#include "vmm/interpret.h"
#include "vmm/memory.h"
#include "vmm/para.h"
#include "vmm/parts.h"
#include "vmm/probe.h"
#include "vmm/stops.h"
#include "vmm/watch.h"

/* A trap being handled. */
struct dispatch {
    struct vm *vm;
    const struct trap *trap;
    const struct insn *insn; /* the instruction that trapped, if decoded */
    uint64_t most, cut;
    struct trace_event *event;
};

typedef enum trace_action handler(struct dispatch *d);

static enum trace_action hypercall(struct dispatch *d, const struct trap *trap)
{
    enum para_function function = para_called(d->vm);

    para_trap(d->vm, trap);
    engine_unpass(d->vm->vmm->engine);
    PROBE(d->vm, PROBE_PARA, .name = para_name(function));
    d->vm->counters.para[PZ_HOSTED ? function : 0].count++;
    return TRACE_PARA;
}

static enum trace_action inject(struct dispatch *d, const struct trap *trap)
{
    bool firmware = board_serves(&d->vm->cpu->hart, trap);

    if (trap->cause == CAUSE_ECALL_SUPERVISOR && para_is_call(d->vm))
        return hypercall(d, trap);
    para_trap(d->vm, trap);
    engine_unpass(d->vm->vmm->engine);
    PROBE(d->vm, firmware ? PROBE_SBI : PROBE_INJECT, .trap = trap);
    return firmware ? TRACE_SBI : TRACE_INJECT;
}

/* Traps on the bare machine too: injected unchanged. */
static enum trace_action reflect(struct dispatch *d)
{
    return inject(d, d->trap);
}

/*
 * The CPU is in user mode; the virtual mode says whether a program or the kernel made the call.
 */
static enum trace_action ecall(struct dispatch *d)
{
    struct trap trap = {.cause = CAUSE_ECALL_USER};

    if (d->vm->cpu->hart.mode == HART_SUPERVISOR) {
        trap.cause = CAUSE_ECALL_SUPERVISOR;
        if (para_is_call(d->vm))
            d->event->count = para_called(d->vm);
    }
    return inject(d, &trap);
}

static inline void count_insn(struct trace_counters *counters, const struct insn *insn)
{
    if (!PZ_HOSTED)
        return;
    if (insn->id != INSN_ILLEGAL) /* otherwise it belongs to a variant, and has no row */
        counters->insn[insn->id].count++;
    if (insn->csr != CSR_NONE)
        counters->csr[insn->csr].count++;
}

/*
 * The instruction is privileged or really illegal; running it on the virtual CPU, in its virtual
 * mode, decides which. tval holds its bits (engine.h, point 2).
 */
static enum trace_action illegal_insn(struct dispatch *d)
{
    const struct insn *insn = d->insn;
    struct insn decoded;
    struct trap trap;

    if (!insn) {
        decoded = decode_insn(d->trap->tval);
        insn = &decoded;
    }
    d->event->insn = d->trap->tval;
    PROBE(d->vm, PROBE_DECODE, .insn = insn);
    if (!interpret_insn(d->vm, insn, &trap))
        return inject(d, &trap);
    d->vm->counters.emulated++;
    count_insn(&d->vm->counters, insn);
    return TRACE_EMULATE;
}

bool dispatch_quietly(struct vm *vm, const struct insn *insn, enum exec_event *event)
{
    if (!interpret_quietly(vm, insn, event))
        return false;
    count_insn(&vm->counters, insn);
    return true;
}

void dispatch_count_quiet(struct vm *vm, size_t emulated)
{
    struct trace_counters *counters = &vm->counters;

    counters->emulated += emulated;
    counters->exits += emulated;
    trace_count_cause(counters, CAUSE_ILLEGAL_INSN, emulated);
    counters->action[TRACE_EMULATE].count += emulated;
    vm->vmm->events += emulated;
}

void dispatch_count_passed(struct vm *vm, size_t calls)
{
    vm->counters.exits += calls;
    trace_count_cause(&vm->counters, CAUSE_ECALL_USER, calls);
    vm->counters.action[TRACE_INJECT].count += calls;
    vm->vmm->events += calls;
    vm->board.traps += calls;
}

static void inject_quietly(struct vm *vm, const struct trap *trap, uint32_t cause,
                           enum trace_action action)
{
    struct trace_counters *counters = &vm->counters;

    para_trap(vm, trap);
    engine_unpass(vm->vmm->engine);
    counters->exits++;
    trace_count_cause(counters, cause, 1);
    counters->action[action].count++;
}

void dispatch_pass_quietly(struct vm *vm, const struct trap *trap)
{
    inject_quietly(vm, trap, trap->cause, TRACE_INJECT);
}

void dispatch_serve_quietly(struct vm *vm)
{
    const struct trap trap = {.cause = CAUSE_ECALL_SUPERVISOR};

    inject_quietly(vm, &trap, CAUSE_ECALL_USER, TRACE_SBI);
}

void dispatch_call_quietly(struct vm *vm)
{
    const struct trap trap = {.cause = CAUSE_ECALL_SUPERVISOR};
    struct trace_counters *counters = &vm->counters;
    enum trace_action action = TRACE_SBI;

    if (para_is_call(vm)) {
        action = TRACE_PARA;
        counters->para[para_called(vm)].count++;
    }
    inject_quietly(vm, &trap, CAUSE_ECALL_USER, action);
    if (__builtin_expect(vm->board.power != BOARD_RESTART, 1))
        return;
    counters->action[action].count--;
    counters->action[TRACE_RESTART].count++;
}

/* Is this the kernel of a translated VM? Not with replaced parts. */
static inline bool may_adapt(const struct vm *vm)
{
    return PZ_HOSTED && vm->config.monitor == VM_TRANSLATE &&
           vm->cpu->hart.mode == HART_SUPERVISOR && parts_own(vm->vmm);
}

/* Only plain loads and stores become callouts. */
static void note_fault(struct vm *vm, uint32_t pc, const struct insn *insn)
{
    enum insn_format format;

    if (insn->id == INSN_ILLEGAL)
        return;
    format = insn_desc((enum insn_id)insn->id)->format;
    if (format == FORMAT_LOAD || format == FORMAT_STORE)
        adapt_faulted(&vm->adapt, pc, insn->raw);
}

/*
 * Emulates one instruction that accesses something other than plain memory: a device, or a
 * watched page.
 */
static enum trace_action emulate_access(struct dispatch *d, enum trace_action action)
{
    uint32_t pc = d->vm->cpu->hart.pc;
    bool adapts = may_adapt(d->vm), retired;
    struct insn insn;
    struct trap trap;

    retired = interpret_step(d->vm, &insn, &trap);
    d->event->insn = insn.raw;
    if (!retired)
        return inject(d, &trap);
    if (adapts)
        note_fault(d->vm, pc, &insn);
    d->vm->counters.emulated++;
    return action;
}

static enum trace_action interpret_on(struct dispatch *d)
{
    struct trap trap;
    uint32_t count = 0;
    bool retired = interpret_page(d->vm, d->cut, &count, &trap);

    d->event->count += count;
    d->vm->counters.interpreted += count;
    if (!retired)
        (void)inject(d, &trap);
    return TRACE_INTERPRET;
}

static enum trace_action interpret(struct dispatch *d)
{
    interpret_page_begin(d->vm, d->most);
    return interpret_on(d);
}

static enum access access_of(uint32_t cause)
{
    switch (cause) {
    case CAUSE_INSN_PAGE_FAULT:
    case CAUSE_INSN_ACCESS: return ACCESS_FETCH;
    case CAUSE_LOAD_PAGE_FAULT:
    case CAUSE_LOAD_ACCESS: return ACCESS_LOAD;
    default: return ACCESS_STORE;
    }
}

/* The machine page of a guest's page-table page; it exists, since it was just walked. */
static struct mpa table_mpa(struct vm *vm, uint64_t table)
{
    return pmap_lookup(&vm->pmap, (struct gpa){table});
}

static uint32_t rights_of(const struct vmm *vmm, const struct sv32_space *space, uint32_t pte)
{
    return parts_own(vmm) ? shadow_rights(space, pte) : vmm->parts->shadow_rights(space, pte);
}

static enum trace_action no_memory(struct dispatch *d)
{
    vm_kill(d->vm, VM_NO_MEMORY);
    return TRACE_KILL;
}

/* What the walk for `va` allows: a mapping of `page`. */
static struct shadow_mapping mapping_of(struct vm *vm, uint32_t va,
                                        const struct sv32_space *space,
                                        const struct sv32_walk *walk, struct mpa page)
{
    struct shadow_mapping mapping = {
        .gva = {va},
        .mpa = page,
        .rights = PTE_R | PTE_W | PTE_X,
        .superpage = walk->level > 0,
    };

    /* test satp rather than the address: tables may be in page 0 */
    if (space->satp & SATP_SV32) {
        mapping.rights = rights_of(vm->vmm, space, walk->pte);
        mapping.guest_root = table_mpa(vm, walk->table[1]);
        mapping.guest_table = walk->level ? MPA_NONE : table_mpa(vm, walk->table[0]);
    }
    return mapping;
}

static enum trace_action fill(struct dispatch *d, const struct sv32_space *space,
                              const struct sv32_walk *walk, struct mpa page)
{
    struct vm *vm = d->vm;
    const struct shadow_mapping mapping = mapping_of(vm, d->trap->tval, space, walk, page);

    if (shadow_map(&vm->shadow, &mapping) != SHADOW_OK)
        return no_memory(d);
    if (may_adapt(vm))
        adapt_filled(&vm->adapt, vm->cpu->hart.pc);
    if (vmm_stops(vm->vmm))
        stops_mapped(vm);
    PROBE(vm, PROBE_FILL, .mapping = &mapping);
    return TRACE_FILL;
}

/* Must a store to this page be emulated, because the monitor must see it? */
static bool store_is_watched(struct shadow *shadow, struct mpa page)
{
    bool watched = allocate_info(shadow->allocator, page)->traced && watch_store(shadow, page);
    bool code = shadow_watches_code(shadow) && !code_store(shadow, page);

    return watched || code;
}

/*
 * Under `trace` the guest's tables are about to be watched, so unshare them first. False: no
 * memory.
 */
static bool own_tables(struct vm *vm, const struct sv32_space *space,
                       const struct sv32_walk *walk)
{
    struct mpa mpa;

    if (!vmm_pages_move(vm->vmm) || !shadow_traces(&vm->shadow) || !(space->satp & SATP_SV32))
        return true;
    for (unsigned level = walk->level; level < SV32_LEVELS; level++)
        if (memory_translate(vm, (struct gpa){walk->table[level]}, true, &mpa) != PMAP_OK)
            return false;
    return true;
}

/* The guest's table allows the access: fill the shadow, or emulate the access? */
static enum trace_action allowed(struct dispatch *d, enum access access,
                                 const struct sv32_space *space, const struct sv32_walk *walk)
{
    struct shadow *shadow = &d->vm->shadow;
    struct mpa mpa, page;

    if (!own_tables(d->vm, space, walk))
        return no_memory(d);
    switch (memory_translate(d->vm, (struct gpa){walk->pa}, access == ACCESS_STORE, &mpa)) {
    case PMAP_NOT_RAM: return emulate_access(d, TRACE_MMIO);
    case PMAP_AWAY:
    case PMAP_NO_MEMORY: return no_memory(d);
    case PMAP_OK: break;
    }
    page = (struct mpa){mpa.v & ~PAGE_MASK};
    if (access == ACCESS_STORE && store_is_watched(shadow, page))
        return emulate_access(d, TRACE_PTE_WRITE);
    if (access == ACCESS_STORE)
        dirty_mark(d->vm, walk->pa);
    if (access == ACCESS_FETCH && shadow_watches_code(shadow) && !code_execute(shadow, page))
        return interpret(d);
    return fill(d, space, walk, page);
}

static enum sv32_result walk_guest(struct vm *vm, const struct sv32_space *space, uint32_t va,
                                   enum access access, struct sv32_walk *walk)
{
    return parts_own(vm->vmm) ? sv32_translate(space, va, access, walk)
                              : parts_walk(vm, space, va, access, walk);
}

/*
 * The shadow lacks an entry, or has one without the necessary right. Walks the guest's own
 * table, as the bare machine would: either the fault is the guest's own (inject), or the shadow
 * has to be filled.
 */
static enum trace_action page_fault(struct dispatch *d)
{
    struct sv32_space space = vm_space(d->vm);
    enum access access = access_of(d->trap->cause);
    struct sv32_walk walk;
    enum sv32_result result = walk_guest(d->vm, &space, d->trap->tval, access, &walk);
    struct trap trap = {.tval = d->trap->tval};

    PROBE(d->vm, PROBE_WALK, .walk = &walk, .result = result, .access = access);
    if (result == SV32_OK)
        return allowed(d, access, &space, &walk);
    trap.cause = sv32_cause(result, access);
    /* a nested guest whose monitor leaves page faults to the firmware */
    if (board_fill(&d->vm->board, &d->vm->cpu->hart, &trap) &&
        walk_guest(d->vm, &space, d->trap->tval, access, &walk) == SV32_OK)
        return allowed(d, access, &space, &walk);
    return inject(d, &trap);
}

/* Count an exit of the fast path. */
static void count_quiet(struct vm *vm, uint32_t cause, enum trace_action action)
{
    vm->counters.exits++;
    trace_count_cause(&vm->counters, cause, 1);
    vm->counters.action[action].count++;
}

/* As emulate_access(), for a decoded instruction. */
static enum dispatch_fault access_quietly(struct vm *vm, const struct trap *trap,
                                          const struct insn *insn, enum trace_action action)
{
    uint32_t pc = vm->cpu->hart.pc;
    bool adapts = may_adapt(vm);

    if (!interpret_access_quietly(vm, insn))
        return DISPATCH_NOTHING;
    if (adapts)
        note_fault(vm, pc, insn);
    vm->counters.emulated++;
    count_quiet(vm, trap->cause, action);
    return DISPATCH_ACCESSED;
}

/* Must pages be unshared first? The fast path does not do that. */
static bool must_own(const struct vm *vm, enum access access, struct mpa page)
{
    if (!vmm_pages_move(vm->vmm))
        return false;
    return shadow_traces(&vm->shadow) ||
           (access == ACCESS_STORE &&
            allocate_info(vm->pmap.allocator, page)->kind == PAGE_SHARED);
}

/*
 * Work done before DISPATCH_NOTHING can be repeated: a walk sets the same bits, and an attached
 * page stays attached.
 */
enum dispatch_fault dispatch_fault_quietly(struct vm *vm, const struct trap *trap,
                                           const struct insn *insn)
{
    const struct sv32_space space = vm_space(vm);
    enum access access = access_of(trap->cause);
    struct shadow_mapping mapping;
    struct sv32_walk walk;
    struct mpa mpa;

    if (!vm->shadow.pmap || shadow_watches_code(&vm->shadow) ||
        trap->tval & (insn_width(insn) - 1) ||
        sv32_translate(&space, trap->tval, access, &walk) != SV32_OK)
        return DISPATCH_NOTHING;
    switch (pmap_translate(&vm->pmap, (struct gpa){walk.pa}, &mpa)) {
    case PMAP_NOT_RAM: return access_quietly(vm, trap, insn, TRACE_MMIO);
    case PMAP_AWAY:
    case PMAP_NO_MEMORY: return DISPATCH_NOTHING;
    case PMAP_OK: break;
    }
    mpa.v &= ~PAGE_MASK;
    if (must_own(vm, access, mpa))
        return DISPATCH_NOTHING;
    if (access == ACCESS_STORE && store_is_watched(&vm->shadow, mpa))
        return access_quietly(vm, trap, insn, TRACE_PTE_WRITE);
    if (access == ACCESS_STORE)
        dirty_mark(vm, walk.pa);
    mapping = mapping_of(vm, trap->tval, &space, &walk, mpa);
    if (shadow_map(&vm->shadow, &mapping) != SHADOW_OK)
        return DISPATCH_NOTHING;
    if (may_adapt(vm))
        adapt_filled(&vm->adapt, vm->cpu->hart.pc);
    count_quiet(vm, trap->cause, TRACE_FILL);
    return DISPATCH_FILLED;
}

bool dispatch_callout(struct vm *vm, const struct insn *insn, uint32_t va, enum access access,
                      enum trace_action *action)
{
    const struct sv32_space space = vm_space(vm);
    uint32_t pc = vm->cpu->hart.pc;
    struct sv32_walk walk;
    enum pmap_result found;
    struct trap trap;
    struct mpa mpa;

    if (!vm->shadow.pmap || vm->shadow.watches_code || va & (insn_width(insn) - 1) ||
        sv32_translate(&space, va, access, &walk) != SV32_OK)
        return false;
    found = pmap_translate(&vm->pmap, (struct gpa){walk.pa}, &mpa);
    *action = found == PMAP_NOT_RAM ? TRACE_MMIO : TRACE_PTE_WRITE;
    if (found == PMAP_OK && access == ACCESS_STORE)
        mpa.v &= ~PAGE_MASK;
    if (found != PMAP_NOT_RAM &&
        (found != PMAP_OK || access != ACCESS_STORE || !store_is_watched(&vm->shadow, mpa)))
        return false;
    if (!interpret_insn(vm, insn, &trap))
        return false;
    adapt_faulted(&vm->adapt, pc, insn->raw);
    vm->counters.callouts++;
    return true;
}

/*
 * The second stage has no entry for an access, or for the guest's page-table walk: the page is not
 * attached yet, or is shared and about to be written, or is not RAM but perhaps a device. In the
 * last case the virtual CPU makes the access.
 */
static enum trace_action guest_page_fault(struct dispatch *d)
{
    struct gpa gpa = {trap_gpa(d->trap)};
    bool store = d->trap->tinst ? d->trap->tinst == TINST_WRITE
                                : d->trap->cause == CAUSE_STORE_GUEST_PAGE_FAULT;
    struct mpa mpa;

    switch (memory_translate(d->vm, gpa, store, &mpa)) {
    case PMAP_NOT_RAM: return emulate_access(d, TRACE_MMIO);
    case PMAP_AWAY:
    case PMAP_NO_MEMORY: return no_memory(d);
    case PMAP_OK: break;
    }
    if (vmm_stops(d->vm->vmm))
        stops_mapped(d->vm);
    PROBE(d->vm, PROBE_ATTACH, .gpa = gpa, .mpa = mpa);
    return TRACE_FILL;
}

/* A handler, and its name for probes. */
struct choice {
    handler *handle;
    const char *name;
};
#define CHOICE(function)                                                                       \
    {                                                                                          \
        function, PZ_NAME(#function)                                                           \
    }

static const struct choice choices[CAUSE_EXCEPTIONS] = {
    [CAUSE_INSN_ACCESS] = CHOICE(page_fault),
    [CAUSE_ILLEGAL_INSN] = CHOICE(illegal_insn),
    [CAUSE_LOAD_ACCESS] = CHOICE(page_fault),
    [CAUSE_STORE_ACCESS] = CHOICE(page_fault),
    [CAUSE_ECALL_USER] = CHOICE(ecall),
    [CAUSE_INSN_PAGE_FAULT] = CHOICE(page_fault),
    [CAUSE_LOAD_PAGE_FAULT] = CHOICE(page_fault),
    [CAUSE_STORE_PAGE_FAULT] = CHOICE(page_fault),
    [CAUSE_ECALL_VIRTUAL] = CHOICE(ecall),
    [CAUSE_VIRTUAL_INSN] = CHOICE(illegal_insn),
    [CAUSE_INSN_GUEST_PAGE_FAULT] = CHOICE(guest_page_fault),
    [CAUSE_LOAD_GUEST_PAGE_FAULT] = CHOICE(guest_page_fault),
    [CAUSE_STORE_GUEST_PAGE_FAULT] = CHOICE(guest_page_fault),
};

void dispatch_trap(struct vm *vm, const struct trap *trap, const struct insn *insn,
                   uint64_t most, uint64_t cut, struct trace_event *event)
{
    struct dispatch d = {
        .vm = vm, .trap = trap, .insn = insn, .most = most, .cut = cut, .event = event};
    static const struct choice other = CHOICE(reflect);
    const struct choice *choice = &other;

    if (trap->cause < CAUSE_EXCEPTIONS && choices[trap->cause].handle)
        choice = &choices[trap->cause];
    PROBE(vm, PROBE_HANDLER, .name = choice->name);
    event->action = (uint8_t)choice->handle(&d);
}

void dispatch_go_on(struct vm *vm, uint64_t cut, struct trace_event *event)
{
    struct dispatch d = {.vm = vm, .cut = cut, .event = event};

    (void)interpret_on(&d);
}
