/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.c - access to a VM's memory, and the VM's end. Whenever the monitor writes guest memory,
 * everything derived from the old bytes is invalidated here.
 */
#include "vmm/vm.h"

#include "vmm/assist.h"
#include "vmm/board/restart.h"
#include "vmm/code.h"
#include "vmm/dirty.h"
#include "vmm/memory.h"
#include "vmm/para.h"
#include "vmm/parts.h"
#include "vmm/stops.h"
#include "vmm/watch.h"

const char *vm_end_text(enum vm_end end)
{
    static const char *const text[VM_ENDS] = {
        [VM_RUNS] = "running",
        [VM_OFF] = "shut down",
        [VM_FAILED] = "shut down, reporting a failure",
        [VM_IDLE] = "stopped: it waits for an interrupt that can never come",
        [VM_STUCK] = "killed: its trap handler traps endlessly",
        [VM_NO_MEMORY] = "killed: the machine has no memory left for it",
        [VM_LIMIT] = "stopped: it reached its limit of instructions",
        [VM_KILLED] = "killed",
        [VM_NO_PROGRESS] = "killed: one instruction faults endlessly, whatever is filled",
    };

    return end < VM_ENDS ? text[end] : "unknown";
}

void vm_kill(struct vm *vm, enum vm_end reason)
{
    if (!vm_alive(vm))
        return;
    vm->end = (uint8_t)reason;
    vm->vmm->events++;
}

static uint8_t *vm_page(struct phys *phys, uint64_t pa, bool store)
{
    struct vm *vm = phys->owner;
    struct mpa mpa;

    switch (memory_translate(vm, (struct gpa){pa}, store, &mpa)) {
    case PMAP_OK:
        if (vmm_stops(vm->vmm) && assist_runs(vm))
            stops_mapped(vm); /* it may just have been attached, without an exit */
        if (store)            /* vm_wrote() follows, when it is known which bytes */
            dirty_mark(vm, pa);
        return allocate_host(vm->pmap.allocator, mpa);
    case PMAP_AWAY:
    case PMAP_NO_MEMORY: vm_kill(vm, VM_NO_MEMORY); break;
    case PMAP_NOT_RAM: break;
    }
    return NULL;
}

void vm_wrote_at(struct vm *vm, struct mpa mpa, uint64_t pa, uint32_t len)
{
    engine_code_changed(vm->shadow.engine, mpa.v, len);
    watch_wrote(&vm->shadow, mpa, len);
    code_wrote(&vm->shadow, mpa, len);
    if (vmm_stops(vm->vmm))
        stops_wrote(vm, pa, len);
}

static void vm_wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    struct vm *vm = phys->owner;
    struct mpa mpa = pmap_lookup(&vm->pmap, (struct gpa){pa});

    if (mpa.v)
        vm_wrote_at(vm, mpa, pa, len);
}

/*
 * The page's bytes; NULL: they are zero. A page still in its source is fetched only if part of it
 * is kept.
 */
static const uint8_t *page_to_clear(struct vm *vm, struct gpa page, uint64_t len)
{
    const struct pmap_source *source = vm->pmap.source;
    const uint8_t *bytes = memory_look(vm, page);
    struct mpa mpa;

    if (bytes || !source)
        return bytes;
    if (len == PAGE_SIZE)
        source->forget(source->owner, &vm->pmap, page);
    else if (memory_translate(vm, page, false, &mpa) == PMAP_NO_MEMORY)
        vm_kill(vm, VM_NO_MEMORY);
    return memory_look(vm, page);
}

/* Pages stay attached; one that was never touched is zero anyway. */
static void vm_clear(struct board *board, uint64_t pa, uint64_t len)
{
    struct vm *vm = board->phys->owner;
    uint64_t end = pa + len, next;

    for (; pa < end; pa = next) {
        const uint8_t *old;
        uint8_t *bytes;

        next = phys_piece_end(pa, end);
        old = page_to_clear(vm, (struct gpa){pa & ~(uint64_t)PAGE_MASK}, next - pa);
        if (!old || phys_is_zero(old + (pa & PAGE_MASK), (uint32_t)(next - pa)))
            continue;
        bytes = phys_host(&vm->phys, pa, true);
        if (!bytes)
            return; /* the VM has ended */
        memset(bytes, 0, next - pa);
        vm_wrote(&vm->phys, pa, (uint32_t)(next - pa));
    }
}

/* With replaced parts, the pmap may not be changed. */
static void vm_give_up(struct board *board, uint64_t pa)
{
    struct vm *vm = board->phys->owner;

    if (parts_own(vm->vmm))
        memory_give_up(vm, (struct gpa){pa});
    else
        vm_clear(board, pa, PAGE_SIZE);
}

static bool vm_io(struct phys *phys, uint64_t pa, unsigned width, bool store, uint32_t *value)
{
    struct vm *vm = phys->owner;

    return board_io(&vm->board, hart_time(&vm->cpu->hart), pa, width, store, value);
}

/* The shadow, or the engine's own, is the TLB of all virtual CPUs. */
static void vm_fence(struct board *board, const struct exec_fence *fence)
{
    struct vm *vm = board->phys->owner;

    if (fence) {
        shadow_fence(&vm->shadow, fence);
        assist_drop(vm);
    } else {
        engine_fence_i(vm->vmm->engine);
    }
}

static void harts_of(struct vm *vm, const struct vm_config *config)
{
    vm->cpu = &vm->vcpus[0];
    vm->board.fence = vm_fence;
    vm->board.clear = vm_clear;
    vm->board.give_up =
        PZ_HOSTED ? vm_give_up : NULL; /* for a device that type 1 does not have */
    vm->board.ram_base = config->ram_base;
    vm->board.ram_size = config->ram_size;
    harts_set(&vm->board.harts, config->cpus ? config->cpus : 1,
              config->quantum ? config->quantum : HARTS_QUANTUM_DEFAULT);
}

static void memory_init(struct vm *vm)
{
    vm->phys = (struct phys){.page = vm_page, .wrote = vm_wrote, .io = vm_io, .owner = vm};
}

/* With variants an engine leaves nothing untrapped (engine.h, point 7). */
static void variant_init(struct vm *vm, uint32_t set)
{
    vm->variant = (struct variant_cpu){
        .set = set,
        .device = board_status,
        .owner = &vm->board,
        .real_sstatus = VM_REAL_SSTATUS,
        .real_stvec = VM_REAL_STVEC,
        .real_device = VM_REAL_DEVICE,
        .exits = &vm->counters.exits,
        .exit_insns = VM_EXIT_INSNS,
    };
    if (set)
        vm->shadow.watches_code = false;
}

/*
 * May shadows be compared at fences, and filled in advance? Not when paging uses fills to see which
 * pages are in use, nor under `flush`, the textbook's virtual TLB.
 */
static bool keeps_shadows(const struct vm *vm)
{
    return !(PZ_HOSTED && vm->vmm->paging.store.write) && vm->config.policy != SHADOW_FLUSH;
}

bool vmm_add(struct vmm *vmm, struct vm *vm, const struct vm_config *config)
{
    unsigned slot = 0;

    while (slot < VMM_VMS && vmm->vms[slot])
        slot++;
    if (slot == VMM_VMS)
        return false;
    memset(vm, 0, sizeof *vm);
    vm->vmm = vmm;
    vm->config = *config;
    if (PZ_HOSTED && config->monitor == VM_ASSIST &&
        vmm->parts->pmap_translate != pmap_translate_own)
        vm->config.monitor = VM_PLAIN; /* a replaced pmap may not be a second-stage table */
    vm->id = (uint16_t)(slot + 1);
    memory_init(vm);
    board_init(&vm->board, &vm->phys, &config->host);
    harts_of(vm, config);
    shadow_init(&vm->shadow, &vmm->allocator, vmm->engine, vm->id, config->policy,
                config->shadow_tables);
    variant_init(vm, vmm->variants);
    para_init(vm);
    if (!pmap_init(&vm->pmap, &vmm->allocator, vm->id, config->ram_base, config->ram_size))
        return false;
    if (!parts_own(vmm))
        vm->pmap.parts = vm->shadow.parts = vmm->parts;
    else if (keeps_shadows(vm))
        vm->shadow.pmap = &vm->pmap;
    if (!config->limit)
        vm_kill(vm, VM_LIMIT);
    vmm->vms[slot] = vm;
    if (slot >= vmm->vm_count)
        vmm->vm_count = slot + 1;
    return true;
}

void vmm_boot(struct vm *vm, uint32_t entry, uint32_t dtb)
{
    board_boot(&vm->cpu->hart, entry, dtb);
}

/* Drops everything derived from the old kernel's state: shadows, and exits that were cut. */
void vm_trap(struct vm *vm, const struct trap *trap)
{
    struct hart *hart = &vm->cpu->hart;
    uint32_t satp = hart->satp;

    board_trap(&vm->board, hart, trap);
    if (hart->satp != satp && shadow_flushes(&vm->shadow))
        shadow_drop_all(&vm->shadow);
}

bool vm_restart(struct vm *vm)
{
    struct vmm *vmm = vm->vmm;

    if (!restart_board(&vm->board, &vm->cpu->hart, &vm->vcpus[0].hart))
        return false;
    vm->cpu = &vm->vcpus[0];
    for (unsigned id = 0; id < vm->board.harts.count; id++) {
        vm->vcpus[id].interpreting = 0;
        vm->vcpus[id].para = (struct para_cpu){.shared = false};
        if (id)
            harts_reset_registers(&vm->vcpus[id].hart, 0);
    }
    shadow_drop_all(&vm->shadow);
    engine_unpass(vmm->engine);
    if (vmm->cpu.vm == vm)
        vmm->cpu.vm = NULL;
    return true;
}

/*
 * The VM's pages will be reused: the engine must drop code translated from them. The pmap names
 * them all, so the time this takes does not depend on the memory of other VMs.
 */
static void free_memory(struct vmm *vmm, struct vm *vm)
{
    struct gpa gpa = {vm->pmap.base};
    struct mpa page;

    for (; (page = pmap_next_attached(&vm->pmap, &gpa)).v; gpa.v += PAGE_SIZE) {
        engine_code_changed(vmm->engine, page.v, PAGE_SIZE);
        allocate_free(&vmm->allocator, page);
    }
    pmap_fini(&vm->pmap);
}

/* Replaced parts have tables that only they know; but the allocator knows each page's owner. */
static void free_searched(struct vmm *vmm, const struct vm *vm)
{
    const struct allocator *allocator = &vmm->allocator;

    for (uint32_t i = 0; i < allocator->fresh; i++)
        if (allocator->pages[i].owner == vm->id && allocator->pages[i].kind == PAGE_GUEST)
            engine_code_changed(vmm->engine, allocator->base + ((uint64_t)i << PAGE_SHIFT),
                                PAGE_SIZE);
    allocate_reclaim(&vmm->allocator, vm->id);
}

/* Tables are counted as they come and go. */
static void count_tables(const struct vm *vm, uint32_t count[PAGE_KINDS + 1])
{
    const struct shadow *shadow = &vm->shadow;

    count[PAGE_PMAP] = pmap_tables(&vm->pmap);
    for (unsigned i = 0; i < shadow->root_count; i++)
        count[PAGE_SHADOW_ROOT] += shadow->roots[i].used;
    count[PAGE_SHADOW_LEAF] = count[PAGE_SHADOW_LINK] = shadow->tables;
    count[PAGE_KINDS] = count[PAGE_GUEST] + count[PAGE_PMAP] + count[PAGE_SHADOW_ROOT] +
                        count[PAGE_SHADOW_LEAF] + count[PAGE_SHADOW_LINK];
}

void vm_census(const struct vm *vm, uint32_t count[PAGE_KINDS + 1])
{
    const struct allocator *allocator = &vm->vmm->allocator;
    struct gpa gpa = {vm->pmap.base};
    struct mpa page;

    if (!parts_own(vm->vmm)) {
        allocate_census(allocator, vm->id, count);
        count[PAGE_SHARED] = share_count(vm);
        return;
    }
    memset(count, 0, (PAGE_KINDS + 1) * sizeof count[0]);
    for (; (page = pmap_next_attached(&vm->pmap, &gpa)).v; gpa.v += PAGE_SIZE)
        count[allocate_info(allocator, page)->kind]++;
    count_tables(vm, count);
}

void vmm_remove(struct vmm *vmm, struct vm *vm)
{
    vm_kill(vm, VM_KILLED);
    shadow_destroy(&vm->shadow);
    assist_drop(vm);
    if (vmm->share.on)
        share_leave(vm);
    if (parts_own(vmm))
        free_memory(vmm, vm);
    else
        free_searched(vmm, vm);
    vmm->vms[vm->id - 1] = NULL;
    if (vmm->current == vm)
        vmm->current = NULL;
    if (vmm->turn.vm == vm)
        vmm->turn = (struct vmm_turn){0};
    if (vmm->cpu.vm == vm)
        vmm->cpu.vm = NULL;
}

bool vm_read(struct vm *vm, struct gpa gpa, void *buffer, uint32_t len)
{
    return phys_read(&vm->phys, gpa.v, buffer, len);
}

bool vm_write(struct vm *vm, struct gpa gpa, const void *buffer, uint32_t len)
{
    return phys_write(&vm->phys, gpa.v, buffer, len);
}

struct sv32_space vm_space(struct vm *vm)
{
    return sv32_space_of(&vm->cpu->hart, &vm->phys);
}

uint32_t vm_direct_ppm(const struct vm *vm)
{
    const uint64_t million = 1000000;
    const struct trace_counters *counters = &vm->counters;
    uint64_t indirect = counters->emulated + counters->interpreted + counters->callouts;
    uint64_t retired = vm_retired(vm);

    return retired ? (uint32_t)((retired - indirect) * million / retired) : 0;
}

/* The host address of the guest's code at `va`; NULL where there is none. */
static const uint8_t *code_at(struct vm *vm, uint32_t va)
{
    struct sv32_space space = vm_space(vm);
    struct sv32_walk walk;
    const uint8_t *page;

    if (sv32_probe(&space, va, ACCESS_FETCH, &walk) != SV32_OK)
        return NULL;
    page = memory_look(vm, (struct gpa){walk.pa & ~(uint64_t)PAGE_MASK});
    return page ? page + (walk.pa & PAGE_MASK) : NULL;
}

static uint32_t parcel(const uint8_t *code)
{
    return code ? (uint32_t)(code[0] | code[1] << 8) : 0;
}

uint32_t vm_insn_at(struct vm *vm, uint32_t va)
{
    const uint8_t *code = code_at(vm, va & ~1u);
    uint32_t low = parcel(code);

    if (!insn_is_wide(low))
        return low;
    code = ((va + 2) & PAGE_MASK) < 2 ? code_at(vm, (va & ~1u) + 2) : code + 2;
    return parcel(code) << 16 | low;
}
