/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - the monitor with nothing beneath it but the firmware: finds its memory and its VMs, and
 * runs them until the last one ends. All that makes a VM is the same code as in a hosted monitor.
 *
 *   RAM:  | firmware | monitor | ...largest gap: struct vm of each, then machine memory... |
 *                                (initial RAM disk and device tree lie between gaps)
 */
#include <stddef.h>

#include "isa/engine/cpu/cpu.h"
#include "vmm/board/sbi_nested.h"
#include "vmm/type1/archive.h"
#include "vmm/type1/firmware.h"
#include "vmm/type1/guide.h"
#include "vmm/type1/nested.h"
#include "vmm/type1/screen.h"
#include "vmm/type1/tree.h"
#include "vmm/vmm.h"

#define POOL_ALIGNMENT 0x4000u /* of machine memory: a second stage's root has four pages */
#define LOOK_TICKS 10000u /* of `time`: how often the keyboard is looked at while VMs run */

extern uint8_t bss_start[], bss_end[], image_end[];

/* The CPU's pages first: so no room is lost before them. */
struct type1 {
    struct cpu cpu;
    struct vmm vmm;
    struct tree tree;
    struct screen screen;
    const void *archive;
    struct vm *vms;
    unsigned count;
    uint64_t looked; /* `time` */
};

static struct type1 type1;

_Noreturn void type1_main(const uint8_t *dtb);

#define PLACE(what) ((uint32_t)(uintptr_t)(what))

/* For debuggers: guide.h. Nothing here reads it, so the linker has to be told to keep it. */
__attribute__((used)) struct guide type1_guide;

static void write_guide(void)
{
    _Static_assert(offsetof(struct vcpu, hart) == 0, "a pointer to a vcpu is one to its hart");
    type1_guide = (struct guide){
        .magic = GUIDE_MAGIC,
        .current = PLACE(&type1.vmm.current),
        .page = PLACE(type1.cpu.page),
        .enter = PLACE(&type1.cpu.host.enter),
        .save = PLACE(&type1.cpu.save),
        .away = PLACE(&type1.cpu.away),
        .name = offsetof(struct vm, config.name),
        .hart = offsetof(struct vm, cpu),
        .root = offsetof(struct vm, pmap.root),
        .ram_base = offsetof(struct vm, pmap.base),
        .ram_size = offsetof(struct vm, pmap.size),
    };
}

/* ---- Failing ---- */

static _Noreturn void give_up(const char *why)
{
    firmware_puts("type1: ");
    firmware_puts(why);
    firmware_puts("\n");
    firmware_off(true);
}

_Noreturn __attribute__((aligned(4))) void cpu_own_trap(void)
{
    uint32_t cause, pc, value;

    __asm__ volatile("csrr %0, scause" : "=r"(cause));
    __asm__ volatile("csrr %0, sepc" : "=r"(pc));
    __asm__ volatile("csrr %0, stval" : "=r"(value));
    firmware_puts("type1: a trap of its own: scause ");
    screen_number(cause, 16);
    firmware_puts(" sepc ");
    screen_number(pc, 16);
    firmware_puts(" stval ");
    screen_number(value, 16);
    give_up("");
}

/* ---- Memory ---- */

struct range {
    uint32_t start, end;
};

/* Of `gap`, what is left beside a used range: the larger of the two sides. */
static struct range beside(struct range gap, struct range used)
{
    struct range low = {gap.start, used.start}, high = {used.end, gap.end};

    if (used.start >= gap.end || used.end <= gap.start)
        return gap;
    if (used.start <= gap.start)
        return high;
    if (used.end >= gap.end)
        return low;
    return low.end - low.start > high.end - high.start ? low : high;
}

/* What lies beyond the monitor's reach is left alone. */
static void limit_memory(struct tree *tree)
{
    uint32_t reach = CPU_REACH - tree->ram_base;

    if (tree->ram_base >= CPU_REACH)
        give_up("RAM is where it does not reach");
    if (tree->ram_size > reach)
        tree->ram_size = reach;
}

static struct range free_memory(const struct tree *tree, const uint8_t *dtb)
{
    uint32_t blob = (uint32_t)(uintptr_t)dtb;
    struct range gap = {(uint32_t)(uintptr_t)image_end, tree->ram_base + tree->ram_size};
    const struct range used[] = {{tree->initrd_start, tree->initrd_end},
                                 {blob, blob + tree->size}};

    for (unsigned i = 0; i < sizeof used / sizeof used[0]; i++)
        gap = beside(gap, used[i]);
    gap.start = (gap.start + PAGE_MASK) & ~PAGE_MASK;
    gap.end &= ~PAGE_MASK;
    return gap;
}

/* The records of VMs come first, what is left is machine memory. */
static void take_memory(const uint8_t *dtb, struct phys *pool)
{
    struct range gap = free_memory(&type1.tree, dtb);
    uint32_t records = type1.count * sizeof *type1.vms + POOL_ALIGNMENT;

    if (gap.end <= gap.start || gap.end - gap.start <= records)
        give_up("there is too little memory");
    type1.vms = (struct vm *)(uintptr_t)gap.start;
    gap.start = (gap.start + records) & ~(POOL_ALIGNMENT - 1);
    memset((void *)(uintptr_t)gap.start, 0, allocate_tables_size(gap.end - gap.start));
    *pool = (struct phys){
        .ram = (uint8_t *)(uintptr_t)gap.start,
        .base = gap.start,
        .size = gap.end - gap.start,
    };
}

/* ---- VMs ---- */

static unsigned number_of(const struct vm *vm)
{
    return (unsigned)(vm - type1.vms);
}

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    screen_put(&type1.screen, number_of(owner), bytes, len);
}

static int console_in(void *owner)
{
    return screen_get(&type1.screen, number_of(owner));
}

static bool load_piece(struct vm *vm, const struct archive_piece *piece)
{
    if (piece->at)
        return vm_write(vm, (struct gpa){piece->pa}, (const uint8_t *)type1.archive + piece->at,
                        piece->len);
    vm->board.clear(&vm->board, piece->pa, piece->len);
    return true;
}

/* As board_images.load: for a machine that starts, and for one that starts again. */
static bool load(void *owner, struct board *board, struct board_entry *entry)
{
    struct vm *vm = owner;
    const struct archive_vm *record = archive_vm(type1.archive, number_of(vm));
    const struct archive_piece *pieces = archive_pieces(type1.archive, record);

    (void)board;
    for (uint32_t i = 0; i < record->pieces; i++)
        if (!load_piece(vm, &pieces[i]))
            return false;
    *entry = (struct board_entry){record->entry, record->dtb};
    return true;
}

static void start_vm(unsigned k)
{
    const struct archive_vm *record = archive_vm(type1.archive, k);
    struct vm *vm = &type1.vms[k];
    const struct vm_config config = {
        .name = record->name,
        .ram_base = record->ram_base,
        .ram_size = record->ram_size,
        .shares = record->shares,
        .limit = UINT64_MAX,
        .cpus = record->cpus,
        .shadow_tables = SHADOW_TABLES_DEFAULT,
        .host = {.console_out = console_out,
                 .console_in = console_in,
                 .owner = vm,
                 .images = {load, vm}},
    };
    struct board_entry entry;

    if (!vmm_add(&type1.vmm, vm, &config) || !load(vm, &vm->board, &entry))
        give_up("a VM does not fit into memory");
    vm->shadow.filled_by_others = type1.tree.collapse;
    vmm_boot(vm, entry.pc, entry.dtb);
}

/* ---- What is shown ---- */

static void show_number(const char *label, uint64_t number)
{
    firmware_puts(label);
    screen_number(number, 10);
}

static void show_vm(const struct vm *vm)
{
    const struct trace_counters *counters = &vm->counters;

    show_number("type1: vm", number_of(vm));
    firmware_puts(" ");
    firmware_puts(vm->config.name);
    firmware_puts(": ");
    firmware_puts(vm_end_text((enum vm_end)vm->end));
    show_number(", instructions ", vm_retired(vm));
    show_number(", exits ", counters->exits);
    for (unsigned i = 0; i < TRACE_ACTIONS; i++)
        if (counters->action[i].count) {
            firmware_puts(", ");
            firmware_puts(trace_action_name((enum trace_action)i));
            show_number(" ", counters->action[i].count);
        }
    firmware_puts("\n");
}

static void show_counters(void)
{
    screen_flush(&type1.screen);
    for (unsigned k = 0; k < type1.count; k++)
        show_vm(&type1.vms[k]);
    show_number("type1: world switches ", type1.vmm.switches);
    show_number(", trampoline moved ", type1.cpu.moves);
    firmware_puts("\n");
}

/* Beyond the image: what it has for itself, and what it knows of shadows and pages. */
static void show_own(const struct allocator *allocator)
{
    uint32_t size = type1.count * (uint32_t)sizeof *type1.vms;
    uint32_t shadows = type1.count * (uint32_t)sizeof type1.vms->shadow;

    show_number("type1: bytes of its own ", size - shadows + (uint32_t)(bss_end - bss_start));
    show_number(", records of shadows ", shadows);
    show_number(", of pages ", allocate_tables_size((uint64_t)allocator->count << PAGE_SHIFT));
    firmware_puts("\n");
}

static void show_map(void)
{
    const struct allocator *allocator = &type1.vmm.allocator;

    screen_flush(&type1.screen);
    for (unsigned k = 0; k < type1.count; k++) {
        uint16_t id = type1.vms[k].id;

        show_number("type1: pages of vm", k);
        show_number(": RAM ", allocate_count(allocator, id, PAGE_GUEST));
        show_number(", pmap ", allocate_count(allocator, id, PAGE_PMAP));
        show_number(", shadow roots ", allocate_count(allocator, id, PAGE_SHADOW_ROOT));
        show_number(", leaves ", allocate_count(allocator, id, PAGE_SHADOW_LEAF));
        show_number(", links ", allocate_count(allocator, id, PAGE_SHADOW_LINK));
        firmware_puts("\n");
    }
    show_number("type1: machine pages used ", allocator->used);
    show_number(" of ", allocator->count);
    firmware_puts("\n");
    show_own(allocator);
}

/* ---- Running ---- */

static void kill_all(void)
{
    for (unsigned k = 0; k < type1.count; k++)
        vm_kill(&type1.vms[k], VM_KILLED);
}

static void look(uint64_t now)
{
    if (now - type1.looked < LOOK_TICKS)
        return;
    type1.looked = now;
    switch (screen_look(&type1.screen)) {
    case SCREEN_NOTHING: break;
    case SCREEN_QUIT: kill_all(); break;
    case SCREEN_COUNTERS: show_counters(); break;
    case SCREEN_MAP: show_map(); break;
    }
}

/* Until the last VM has ended. */
static void run(void)
{
    enum vmm_status status;

    do {
        status = vmm_run(&type1.vmm, NULL);
        look(cpu_time(&type1.cpu));
    } while (status != VMM_DONE);
}

static bool all_well(void)
{
    for (unsigned k = 0; k < type1.count; k++)
        if (type1.vms[k].end != VM_OFF)
            return false;
    return true;
}

/* ---- Beginning ---- */

static void find_archive(void)
{
    const struct tree *tree = &type1.tree;
    uint32_t size = tree->initrd_end - tree->initrd_start;
    const char *wrong;

    if (!tree->initrd_start || tree->initrd_end <= tree->initrd_start)
        give_up("there are no VMs: its initial RAM disk is made by pz image");
    type1.archive = (const void *)(uintptr_t)tree->initrd_start;
    wrong = archive_check(type1.archive, size);
    if (wrong)
        give_up(wrong);
    type1.count = ((const struct archive_head *)type1.archive)->vms;
}

static void enter(void)
{
    if (!firmware_enter())
        give_up("the firmware does not enter guests any more");
}

/* Guests are told that `time` has BOARD_TIMEBASE_HZ ticks a second. */
static uint32_t ticks(uint32_t timebase)
{
    return timebase && timebase < BOARD_TIMEBASE_HZ ? BOARD_TIMEBASE_HZ / timebase : 1;
}

static void tell(struct nested *nested)
{
    if (type1.tree.collapse)
        nested_tell_tables(type1.vmm.current, nested);
    if (!type1.tree.no_relay && type1.cpu.engine.worlds)
        nested_tell_worlds(type1.vmm.current, nested);
}

static void hear(struct nested *nested)
{
    if (nested->relay.inner)
        nested_hear_relayed(type1.vmm.current, nested);
    if (nested->filled)
        nested_hear_fills(type1.vmm.current, nested);
}

/* Relaying takes ticks for instructions. */
static void ask_for_more(struct cpu_host *host)
{
    uint32_t flags = (type1.tree.collapse ? SBI_NESTED_FILL : 0) |
                     (!type1.tree.no_relay && host->ticks == 1 ? SBI_NESTED_RELAY : 0);

    if (flags && firmware_also(type1.cpu.page, flags)) {
        host->tell = tell;
        host->hear = hear;
        host->for_all = type1.tree.collapse;
    }
}

_Noreturn void type1_main(const uint8_t *dtb)
{
    const struct vmm_host nothing = {0};
    struct cpu_host host = {.alarm = firmware_alarm};
    struct phys pool;

    firmware_init();
    write_guide();
    if (!tree_read(dtb, &type1.tree))
        give_up("the firmware's device tree names no memory");
    limit_memory(&type1.tree);
    find_archive();
    take_memory(dtb, &pool);
    host.ticks = ticks(type1.tree.timebase);
    if (!type1.tree.plain && firmware_share(type1.cpu.page))
        host.enter = enter;
    if (host.enter)
        ask_for_more(&host);
    cpu_init(&type1.cpu, &host, type1.tree.ram_base, type1.tree.ram_size, &pool);
    if (!vmm_init(&type1.vmm, &type1.cpu.engine, &nothing))
        give_up("there is too little memory");
    type1.vmm.allocator.dirty = true;
    screen_init(&type1.screen, type1.count);
    for (unsigned k = 0; k < type1.count; k++)
        start_vm(k);
    run();
    screen_flush(&type1.screen);
    if (!all_well() || type1.count > 1 || type1.tree.stats)
        show_counters();
    firmware_off(!all_well());
}
