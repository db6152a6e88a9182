/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lockstep.c - both boards report each trap before they deliver it (board_host.observe): there
 * both runs are at the same point, whatever the monitor did in between.
 */
#include "tools/verify/lockstep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct lockstep_port *port = owner;

    if (!consoles_append(&port->printed, bytes, len))
        port->lockstep->no_memory = true;
}

static int console_in(void *owner)
{
    struct lockstep_port *port = owner;

    return input_next(&port->input);
}

bool lockstep_differs(const struct lockstep *lockstep)
{
    return lockstep->difference.what[0] != '\0';
}

/* The difference's two points are set: name what differs, and show the code. */
static void found(struct lockstep *lockstep, const char *what)
{
    struct difference *difference = &lockstep->difference;

    snprintf(difference->what, sizeof difference->what, "%s", what);
    difference_list(difference);
    difference_show_code(&difference->bare_code, &difference->bare.hart,
                         &lockstep->bare.bare.phys, &lockstep->disasm);
    difference_show_code(&difference->vm_code, &difference->vm.hart,
                         &lockstep->machine.vms[0].phys, &lockstep->disasm);
}

/* The bare side traps: remember where. */
static void observe_bare(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct lockstep_port *port = owner;
    struct lockstep *lockstep = port->lockstep;
    unsigned slot = (lockstep->ahead_at + lockstep->ahead_count) % LOCKSTEP_AHEAD;

    if (lockstep->stepping)
        return;
    lockstep->ahead[slot] = (struct difference_point){*hart, *trap, port->printed.len};
    if (lockstep->ahead_count < LOCKSTEP_AHEAD)
        lockstep->ahead_count++;
}

/*
 * The bare side runs until it has reported a trap, or to the limit. Of a page fault that the
 * firmware has filled neither side reports anything, though the bare one stops there.
 */
static void follow(struct lockstep *lockstep, uint64_t limit)
{
    struct bare *bare = &lockstep->bare.bare;

    while (!lockstep->ahead_count && bare->board.power == BOARD_ON &&
           bare_retired(bare) < limit)
        (void)bare_run_to_trap(bare, limit);
}

/* The bare side's next trap, which must come before `retired` + 1 instructions. */
static bool next_bare(struct lockstep *lockstep, uint64_t retired,
                      struct difference_point *point)
{
    follow(lockstep, retired + 1);
    if (!lockstep->ahead_count)
        return false;
    *point = lockstep->ahead[lockstep->ahead_at];
    lockstep->ahead_at = (lockstep->ahead_at + 1) % LOCKSTEP_AHEAD;
    lockstep->ahead_count--;
    return true;
}

static bool same_console(const struct lockstep *lockstep, size_t bare_len, size_t vm_len)
{
    size_t from = lockstep->console_checked;

    return bare_len == vm_len &&
           !memcmp(lockstep->bare_port.printed.bytes + from,
                   lockstep->vm_ports[0].printed.bytes + from, vm_len - from);
}

static const char *compare_points(const struct lockstep *lockstep,
                                  const struct difference_point *bare,
                                  const struct difference_point *vm)
{
    if (bare->trap.cause != vm->trap.cause || bare->trap.tval != vm->trap.tval)
        return "another trap";
    if (!hart_equal(&bare->hart, &vm->hart))
        return "other registers at a trap";
    if (bare->console_len != vm->console_len ||
        (vm->console_len && !same_console(lockstep, bare->console_len, vm->console_len)))
        return "other console output";
    return NULL;
}

/* The compared VM traps. */
static void observe_vm(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct lockstep_port *port = owner;
    struct lockstep *lockstep = port->lockstep;
    struct difference_point vm = {*hart, *trap, port->printed.len}, bare = {0};
    const char *what;

    if (lockstep_differs(lockstep) || lockstep->no_memory || lockstep->stepping)
        return;
    if (!next_bare(lockstep, vm_retired(&lockstep->machine.vms[0]), &bare)) {
        bare.hart = lockstep->bare.bare.hart;
        bare.console_len = lockstep->bare_port.printed.len;
        what = "a trap that the bare guest does not take";
    } else {
        what = compare_points(lockstep, &bare, &vm);
    }
    if (what) {
        lockstep->difference.bare = bare;
        lockstep->difference.vm = vm;
        found(lockstep, what);
        return;
    }
    lockstep->traps++;
    lockstep->agreed = vm;
    lockstep->console_checked = vm.console_len;
}

static struct board_host board_of(struct lockstep_port *port)
{
    return (struct board_host){
        .console_out = console_out, .console_in = console_in, .owner = port};
}

static enum pz_err open_port(struct lockstep *lockstep, struct lockstep_port *port,
                             const struct options *options, unsigned vm,
                             struct problem *problem)
{
    const char *path = options_word(&options->inputs, vm, NULL);

    port->lockstep = lockstep;
    input_empty(&port->input, false);
    if (!path)
        return PZ_OK;
    if (!strcmp(path, "-"))
        return problem_set(problem, PZ_USAGE,
                           "--input -: both runs need the script: give a file");
    return input_open(&port->input, path, false, problem);
}

static enum pz_err open_ports(struct lockstep *lockstep, const struct options *options,
                              struct problem *problem)
{
    enum pz_err err = open_port(lockstep, &lockstep->bare_port, options, 0, problem);

    lockstep->count = (unsigned)options->vms;
    lockstep->vm_ports = calloc(lockstep->count, sizeof *lockstep->vm_ports);
    lockstep->boards = calloc(lockstep->count, sizeof *lockstep->boards);
    if (!lockstep->vm_ports || !lockstep->boards)
        return problem_memory(problem, "the consoles");
    for (unsigned k = 0; !err && k < lockstep->count; k++) {
        err = open_port(lockstep, &lockstep->vm_ports[k], options, k, problem);
        lockstep->boards[k] = board_of(&lockstep->vm_ports[k]);
    }
    lockstep->boards[0].observe = observe_vm;
    return err;
}

enum pz_err lockstep_open(struct lockstep *lockstep, const struct options *options,
                          const struct engines_kind *kind, struct problem *problem)
{
    struct board_host bare_host;
    struct machine_hosts hosts = {0};
    const struct engines_kind *spec;
    enum pz_err err;

    memset(lockstep, 0, sizeof *lockstep);
    disasm_open(&lockstep->disasm, true);
    lockstep->disasm.variants = options->variants;
    err = open_ports(lockstep, options, problem);
    if (!err)
        err = engines_choose("spec", true, &spec, problem);
    if (err)
        return err;
    bare_host = board_of(&lockstep->bare_port);
    bare_host.observe = observe_bare;
    err = machine_bare_open(&lockstep->bare, options, spec, 0, &bare_host, problem);
    hosts.boards = lockstep->boards;
    hosts.keep = DISK_KEEP_MEMORY;
    hosts.unannounced = !options->announced;
    return err ? err : machine_open(&lockstep->machine, options, kind, &hosts, problem);
}

static void close_port(struct lockstep_port *port)
{
    input_close(&port->input);
    free(port->printed.bytes);
}

void lockstep_close(struct lockstep *lockstep)
{
    machine_close(&lockstep->machine);
    machine_bare_close(&lockstep->bare);
    disasm_close(&lockstep->disasm);
    close_port(&lockstep->bare_port);
    for (unsigned k = 0; lockstep->vm_ports && k < lockstep->count; k++)
        close_port(&lockstep->vm_ports[k]);
    free(lockstep->vm_ports);
    free(lockstep->boards);
}

bool lockstep_is_over(const struct lockstep *lockstep)
{
    return !vm_alive(&lockstep->machine.vms[0]) || lockstep_differs(lockstep) ||
           lockstep->no_memory;
}

bool lockstep_step(struct lockstep *lockstep)
{
    return vmm_run(&lockstep->machine.vmm, NULL) == VMM_RAN && !lockstep_is_over(lockstep);
}

/*
 * The bare side follows, trap by trap. If it has ended, or traps where the VM did not, the two will
 * never be equal again.
 */
bool lockstep_astray(struct lockstep *lockstep)
{
    const struct bare *bare = &lockstep->bare.bare;
    uint64_t retired = vm_retired(&lockstep->machine.vms[0]);

    if (lockstep_differs(lockstep))
        return true;
    follow(lockstep, retired);
    return bare_retired(bare) < retired;
}

/* How the bare guest would have ended, had it been in a VM. */
static enum vm_end bare_end(const struct lockstep *lockstep)
{
    switch ((enum board_power)lockstep->bare.bare.board.power) {
    case BOARD_ON: return VM_LIMIT;
    case BOARD_OFF: return VM_OFF;
    case BOARD_FAILED: return VM_FAILED;
    case BOARD_IDLE: return VM_IDLE;
    case BOARD_STUCK: return VM_STUCK;
    case BOARD_RESTART: break; /* never seen here */
    }
    return VM_RUNS;
}

/* The bytes of a page of the VM's RAM; NULL for one never touched, which reads as zeros. */
static const uint8_t *vm_page(const struct lockstep *lockstep, uint64_t gpa)
{
    struct mpa mpa = pmap_lookup(&lockstep->machine.vms[0].pmap, (struct gpa){gpa});

    return mpa.v ? allocate_host(&lockstep->machine.vmm.allocator, mpa) : NULL;
}

/* The first byte of RAM that differs; false for none. */
static bool ram_differs(const struct lockstep *lockstep, uint64_t *at)
{
    static const uint8_t zeros[PAGE_SIZE];
    const struct phys *phys = &lockstep->bare.bare.phys;

    for (uint64_t offset = 0; offset < phys->size; offset += PAGE_SIZE) {
        const uint8_t *bare = phys->ram + offset, *vm = vm_page(lockstep, phys->base + offset);

        vm = vm ? vm : zeros;
        if (!memcmp(bare, vm, PAGE_SIZE))
            continue;
        for (*at = offset; bare[*at - offset] == vm[*at - offset];)
            ++*at;
        *at += phys->base;
        return true;
    }
    return false;
}

static void note_ram(struct lockstep *lockstep, uint64_t at)
{
    struct difference *difference = &lockstep->difference;
    const struct phys *phys = &lockstep->bare.bare.phys;
    const uint8_t *vm = vm_page(lockstep, at & ~(uint64_t)PAGE_MASK);
    char what[DIFFERENCE_TEXT];

    snprintf(what, sizeof what, "other RAM at the end, first at physical address 0x%" PRIx64,
             at);
    found(lockstep, what);
    difference_add(difference, "byte of RAM", phys->ram[at - phys->base],
                   vm ? vm[at & PAGE_MASK] : 0);
}

/* The first disk whose contents differ; false for none. */
static bool disks_differ(struct lockstep *lockstep, unsigned *number)
{
    struct devices *bare = &lockstep->bare.devices, *vm = &lockstep->machine.devices[0];
    uint64_t hashes[2];

    for (*number = 0; *number < bare->disk_count; ++*number)
        if (!disk_hash(&bare->disks[*number], &hashes[0]) ||
            !disk_hash(&vm->disks[*number], &hashes[1]) || hashes[0] != hashes[1])
            return true;
    return false;
}

/* The registers of a hart whose turn it is not. */
static bool others_differ(const struct lockstep *lockstep)
{
    const struct bare *bare = &lockstep->bare.bare;
    const struct vm *vm = &lockstep->machine.vms[0];

    if (bare->board.harts.current != vm->board.harts.current)
        return true;
    for (unsigned id = 0; id < bare->board.harts.count; id++)
        if (!hart_equal(bare_hart(bare, id), &vm->vcpus[id].hart))
            return true;
    return false;
}

static void compare_end(struct lockstep *lockstep)
{
    struct difference *difference = &lockstep->difference;
    const struct vm *vm = &lockstep->machine.vms[0];
    uint64_t at;
    unsigned disk;

    difference->bare = (struct difference_point){
        .hart = lockstep->bare.bare.hart, .console_len = lockstep->bare_port.printed.len};
    difference->vm = (struct difference_point){
        .hart = vm->cpu->hart, .console_len = lockstep->vm_ports[0].printed.len};
    if (vm->end != bare_end(lockstep)) {
        found(lockstep, "another end");
        difference_add(difference, "end", bare_end(lockstep), vm->end);
    } else if (!hart_equal(&difference->bare.hart, &vm->cpu->hart)) {
        found(lockstep, "other registers at the end");
    } else if (others_differ(lockstep)) {
        found(lockstep, "other registers of another CPU at the end");
    } else if (compare_points(lockstep, &difference->bare, &difference->vm)) {
        found(lockstep, "other console output at the end");
    } else if (ram_differs(lockstep, &at)) {
        note_ram(lockstep, at);
    } else if (disks_differ(lockstep, &disk)) {
        found(lockstep, "something else on a disk at the end");
        difference_add(difference, "disk", disk, disk);
    }
}

enum pz_err lockstep_finish(struct lockstep *lockstep, struct problem *problem)
{
    if (lockstep->no_memory)
        return problem_memory(problem, "what the guests print");
    if (lockstep_differs(lockstep))
        return PZ_OK;
    if (vm_alive(&lockstep->machine.vms[0]))
        return PZ_OK; /* stopped from outside: nothing more can be compared */
    /* The VM has ended: no trap is left, so at most one that the VM did not take. */
    (void)bare_run(&lockstep->bare.bare, vm_retired(&lockstep->machine.vms[0]));
    if (lockstep->machine.vms[0].end != VM_LIMIT)
        (void)bare_run_to_trap(&lockstep->bare.bare, vm_retired(&lockstep->machine.vms[0]) + 1);
    compare_end(lockstep);
    return PZ_OK;
}
