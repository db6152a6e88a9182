/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twins.c - records a bare run, and compares virtualised ones with it. Only a hash of each trap
 * is kept: to find what differed, the bare machine runs once more up to that trap.
 */
#include "tests/support/twins.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "isa/engine/spec.h"
#include "tests/support/kernel.h"
#include "vmm/memory.h"

#define FNV_START 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

/* ---- What is compared ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value ^ hash >> 29) * FNV_PRIME;
}

/* The fields of hart_equal(). */
uint64_t twins_hash(const struct hart *hart, const struct trap *trap)
{
    uint64_t hash = mix(mix(FNV_START, trap->cause), trap->tval);

    for (unsigned i = 0; i < 32; i++)
        hash = mix(hash, hart->x[i]);
    hash = mix(mix(hash, hart->pc), hart->mode);
    if (hart->reservation.valid)
        hash = mix(mix(hash, hart->reservation.va), hart->reservation.value);
    hash = mix(mix(mix(hash, hart->sstatus), hart->sie), hart->sip);
    hash = mix(mix(mix(hash, hart->stvec), hart->sscratch), hart->sepc);
    hash = mix(mix(mix(hash, hart->scause), hart->stval), hart->satp);
    hash = mix(mix(hash, hart->scounteren), hart->senvcfg);
    return mix(mix(hash, hart->retired), hart->skipped);
}

/* ---- Consoles ---- */

static void console_open(struct twins_console *console, const struct twins_guest *guest)
{
    *console = (struct twins_console){
        .input = guest->input ? guest->input : "",
        .bytes = calloc(1, TWINS_CONSOLE + 1),
        .hash = FNV_START,
    };
    if (!console->bytes)
        abort();
}

static void console_put(struct twins_console *console, const uint8_t *bytes, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        console->hash = mix(console->hash, bytes[i]);
        if (console->len < TWINS_CONSOLE)
            console->bytes[console->len++] = bytes[i];
    }
}

static int console_get(struct twins_console *console)
{
    return *console->input ? (uint8_t)*console->input++ : -1;
}

/* ---- The bare machine ---- */

struct recorder {
    struct spec spec;
    struct bare bare;
    struct twins_record *record;
    uint64_t room; /* of record->seen */
    uint64_t stop; /* note the state before this trap, counted from 0 */
    struct hart hart;
    struct trap trap;
};

static void record_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    console_put(&((struct recorder *)owner)->record->console, bytes, len);
}

static int record_in(void *owner)
{
    return console_get(&((struct recorder *)owner)->record->console);
}

static void record_trap(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct recorder *recorder = owner;
    struct twins_record *record = recorder->record;

    if (record->traps == recorder->stop) {
        recorder->hart = *hart;
        recorder->trap = *trap;
    }
    if (record->traps == recorder->room) {
        recorder->room = recorder->room ? 2 * recorder->room : 1024;
        record->seen = realloc(record->seen, recorder->room * sizeof *record->seen);
        if (!record->seen)
            abort();
    }
    record->seen[record->traps++] = twins_hash(hart, trap);
}

static enum vm_end end_of(enum board_power power)
{
    switch (power) {
    case BOARD_ON: return VM_LIMIT;
    case BOARD_OFF: return VM_OFF;
    case BOARD_FAILED: return VM_FAILED;
    case BOARD_IDLE: return VM_IDLE;
    case BOARD_STUCK: return VM_STUCK;
    case BOARD_RESTART: break;
    }
    return VM_KILLED;
}

static bool bare_write(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    return phys_write(owner, pa, bytes, len);
}

static struct recorder *recorder_new(const struct twins_guest *guest)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    struct twins_record *record = calloc(1, sizeof *record);
    struct board_host host = {.console_out = record_out,
                              .console_in = record_in,
                              .observe = record_trap,
                              .owner = recorder};

    if (!recorder || !record)
        abort();
    recorder->record = record;
    recorder->stop = UINT64_MAX;
    record->guest = guest;
    record->ram = ram_new(guest->ram_size);
    console_open(&record->console, guest);
    spec_init(&recorder->spec, record->ram, guest->ram_base, guest->ram_size);
    bare_init(&recorder->bare, &recorder->spec.engine, &host);
    harts_set(&recorder->bare.board.harts, guest->cpus ? guest->cpus : 1,
              guest->quantum ? guest->quantum : HARTS_QUANTUM_DEFAULT);
    world_fit(&record->world, guest->devices, &recorder->bare.board);
    recorder->bare.board.host.images = (struct board_images){kernel_load_again, (void *)guest};
    kernel_load(guest, bare_write, &recorder->bare.phys);
    bare_boot(&recorder->bare, kernel_entry(guest), kernel_tree(guest));
    return recorder;
}

static struct twins_record *recorder_finish(struct recorder *recorder)
{
    struct twins_record *record = recorder->record;
    const struct twins_guest *guest = record->guest;

    record->end = end_of(bare_run(&recorder->bare, guest->limit));
    record->hart = recorder->bare.hart;
    record->current = recorder->bare.board.harts.current;
    for (unsigned id = 0; id < HARTS_MOST; id++)
        record->others[id] = *bare_hart(&recorder->bare, id);
    return record;
}

struct twins_record *twins_record(const struct twins_guest *guest)
{
    struct recorder *recorder = recorder_new(guest);
    struct twins_record *record = recorder_finish(recorder);

    free(recorder);
    return record;
}

void twins_record_free(struct twins_record *record)
{
    ram_free(record->ram, record->guest->ram_size);
    free(record->console.bytes);
    free(record->seen);
    free(record);
}

/* ---- Telling what differs ---- */

__attribute__((format(printf, 2, 3))) static void differ(struct twins *twins,
                                                         const char *format, ...)
{
    va_list arguments;

    if (twins->difference[0])
        return;
    va_start(arguments, format);
    vsnprintf(twins->difference, sizeof twins->difference, format, arguments);
    va_end(arguments);
    vm_kill(&twins->vm, VM_KILLED);
}

struct field {
    const char *name;
    uint64_t here, bare;
};

static int say(char *text, size_t room, const struct field *field)
{
    if (field->here == field->bare)
        return 0;
    return snprintf(text, room, " %s %llx, bare %llx;", field->name,
                    (unsigned long long)field->here, (unsigned long long)field->bare);
}

#define FIELD(name)                                                                            \
    {                                                                                          \
#name, here->name, bare->name                                                          \
    }

static void name_fields(char *text, size_t room, const struct hart *here,
                        const struct hart *bare)
{
    const struct field fields[] = {
        FIELD(pc),
        FIELD(mode),
        FIELD(reservation.valid),
        FIELD(sstatus),
        FIELD(sie),
        FIELD(sip),
        FIELD(stvec),
        FIELD(sepc),
        FIELD(scause),
        FIELD(stval),
        FIELD(satp),
        FIELD(sscratch),
        FIELD(scounteren),
        FIELD(senvcfg),
        FIELD(retired),
        FIELD(skipped),
        FIELD(reservation.va),
        FIELD(reservation.value),
    };
    size_t at = 0;

    for (unsigned i = 0; i < sizeof fields / sizeof fields[0] && at < room; i++)
        at += (size_t)say(text + at, room - at, &fields[i]);
    for (unsigned i = 1; i < 32 && at < room; i++) {
        char name[8];

        snprintf(name, sizeof name, "x%u", i);
        at += (size_t)say(text + at, room - at, &(struct field){name, here->x[i], bare->x[i]});
    }
}

/* Run the bare machine again, to see what it was at that trap. */
static void explain(struct twins *twins, const struct hart *hart, const struct trap *trap)
{
    struct recorder *recorder = recorder_new(twins->record->guest);
    char fields[400] = "";

    recorder->stop = twins->traps;
    twins_record_free(recorder_finish(recorder));
    name_fields(fields, sizeof fields, hart, &recorder->hart);
    differ(twins, "trap %llu: cause %x tval %x at %x, bare: cause %x tval %x at %x;%s",
           (unsigned long long)twins->traps, trap->cause, trap->tval, hart->pc,
           recorder->trap.cause, recorder->trap.tval, recorder->hart.pc, fields);
    free(recorder);
}

/* ---- The virtual machine ---- */

static bool exact(const struct twins *twins)
{
    return !twins->record->guest->unfenced ||
           (twins->how.policy == SHADOW_TRACE && twins->how.monitor != VM_ASSIST);
}

static void compare_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    console_put(&((struct twins *)owner)->console, bytes, len);
}

static int compare_in(void *owner)
{
    return console_get(&((struct twins *)owner)->console);
}

static void compare_trap(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct twins *twins = owner;
    const struct twins_record *record = twins->record;

    if (exact(twins) && vm_alive(&twins->vm) && !twins->difference[0]) {
        if (twins->traps >= record->traps)
            differ(twins, "trap %llu: cause %x at %x, but bare there were no more",
                   (unsigned long long)twins->traps, trap->cause, hart->pc);
        else if (twins_hash(hart, trap) != record->seen[twins->traps])
            explain(twins, hart, trap);
    }
    twins->traps++;
}

static bool guest_write(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    return vm_write(owner, (struct gpa){pa}, bytes, len);
}

bool twins_machine_init(struct twins_machine *machine, const struct engine_maker *maker,
                        uint64_t size)
{
    struct vmm_host host = {0};

    machine->maker = maker;
    machine->size = size;
    machine->ram = ram_new(size);
    machine->engine = maker->create(machine->ram, size);
    return machine->engine && vmm_init(&machine->vmm, machine->engine, &host);
}

void twins_machine_fini(struct twins_machine *machine)
{
    machine->maker->destroy(machine->engine);
    ram_free(machine->ram, machine->size);
}

void twins_add(struct twins *twins, struct twins_machine *machine,
               const struct twins_record *record, const struct twins_how *how)
{
    const struct twins_guest *guest = record->guest;
    const struct vm_config config = {
        .name = guest->name,
        .ram_base = guest->ram_base,
        .ram_size = guest->ram_size,
        .shares = how->shares ? how->shares : VM_SHARES_DEFAULT,
        .limit = guest->limit,
        .cpus = guest->cpus,
        .quantum = guest->quantum,
        .monitor = how->monitor,
        .policy = how->policy,
        .shadow_tables = how->shadow_tables ? how->shadow_tables : SHADOW_TABLES_DEFAULT,
        .host = {.console_out = compare_out,
                 .console_in = compare_in,
                 .observe = compare_trap,
                 .owner = twins},
    };

    *twins = (struct twins){.record = record, .how = *how};
    console_open(&twins->console, guest);
    if (!vmm_add(&machine->vmm, &twins->vm, &config))
        abort();
    world_fit(&twins->world, guest->devices, &twins->vm.board);
    twins->vm.board.host.images = (struct board_images){kernel_load_again, (void *)guest};
    kernel_load(guest, guest_write, &twins->vm);
    vmm_boot(&twins->vm, kernel_entry(guest), kernel_tree(guest));
}

void twins_run(struct twins_machine *machine, uint64_t turns)
{
    while (turns-- && vmm_run(&machine->vmm, NULL) == VMM_RAN)
        ;
}

void twins_remove(struct twins *twins)
{
    vmm_remove(twins->vm.vmm, &twins->vm);
    free(twins->console.bytes);
    twins->console.bytes = NULL;
}

/* ---- The end ---- */

static void compare_console(struct twins *twins)
{
    const struct twins_console *here = &twins->console, *bare = &twins->record->console;

    if (here->hash != bare->hash)
        differ(twins, "console differs: \"%.60s\", bare \"%.60s\"", (char *)here->bytes,
               (char *)bare->bytes);
    if (*here->input != *bare->input)
        differ(twins, "another amount of input was read");
}

static void compare_hart(struct twins *twins)
{
    const struct hart *here = &twins->vm.cpu->hart, *bare = &twins->record->hart;
    char fields[400] = "";

    if (hart_equal(here, bare))
        return;
    name_fields(fields, sizeof fields, here, bare);
    differ(twins, "at the end:%s", fields);
}

static void compare_others(struct twins *twins)
{
    const struct twins_record *record = twins->record;
    char fields[400] = "";

    if (record->current != twins->vm.board.harts.current)
        differ(twins, "at the end hart %u has its turn, bare %u", twins->vm.board.harts.current,
               record->current);
    for (unsigned id = 0; id < record->guest->cpus; id++) {
        const struct hart *here = &twins->vm.vcpus[id].hart, *bare = &record->others[id];

        if (hart_equal(here, bare))
            continue;
        name_fields(fields, sizeof fields, here, bare);
        differ(twins, "at the end of hart %u:%s", id, fields);
    }
}

/* Pages that never were attached count as zero. */
static void compare_ram(struct twins *twins)
{
    static const uint8_t zeros[PAGE_SIZE];
    const struct twins_guest *guest = twins->record->guest;

    for (uint64_t at = 0; at < guest->ram_size; at += PAGE_SIZE) {
        const uint8_t *look = memory_look(&twins->vm, (struct gpa){guest->ram_base + at});
        const uint8_t *here = look ? look : zeros;

        if (memcmp(here, twins->record->ram + at, PAGE_SIZE) == 0)
            continue;
        differ(twins, "memory differs in the page at %llx",
               (unsigned long long)(guest->ram_base + at));
        return;
    }
}

static void compare_world(struct twins *twins)
{
    if (memcmp(&twins->world, &twins->record->world, sizeof twins->world))
        differ(twins, "something else is on the disk, or on the wire");
}

bool twins_same(struct twins *twins)
{
    const struct twins_record *record = twins->record;

    if (twins->vm.end != record->end)
        differ(twins, "it ended: %s; bare: %s; console \"%.80s\"",
               vm_end_text((enum vm_end)twins->vm.end), vm_end_text(record->end),
               (char *)twins->console.bytes);
    if (!exact(twins))
        return !twins->difference[0];
    if (twins->traps != record->traps)
        differ(twins, "%llu traps, bare %llu", (unsigned long long)twins->traps,
               (unsigned long long)record->traps);
    compare_console(twins);
    compare_world(twins);
    compare_hart(twins);
    compare_others(twins);
    compare_ram(twins);
    return !twins->difference[0];
}
