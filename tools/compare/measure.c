/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure.c - one run of a guest for each sample, each on a new machine, so that no run finds
 * anything of another in memory or caches. Writes to disks are kept in memory only.
 */
#include "tools/compare/measure.h"

#include <stdlib.h>
#include <string.h>

#define XXH_STATIC_LINKING_ONLY /* the state of a hash, by value */
#include <xxhash.h>

#include "tools/show/show.h"

#define STEP 20000000u /* instructions between looks for a signal */

/* What a run of either kind needs besides its machine. */
struct running {
    struct options options; /* of one guest */
    struct measure *row;
    struct input input;
    struct console_text printed;
    bool no_memory;
    uint64_t ns;
};

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct running *running = owner;

    if (!consoles_append(&running->printed, bytes, len))
        running->no_memory = true;
}

static int console_in(void *owner)
{
    struct running *running = owner;

    return input_next(&running->input);
}

static struct board_host board_of(struct running *running)
{
    return (struct board_host){
        .console_out = console_out, .console_in = console_in, .owner = running};
}

static enum pz_err open_input(struct running *running, unsigned k, struct problem *problem)
{
    const char *path = options_word(&running->options.inputs, k, NULL);

    input_empty(&running->input, false);
    if (!path)
        return PZ_OK;
    if (!strcmp(path, "-"))
        return problem_set(problem, PZ_USAGE,
                           "--input -: every run needs the script: give a file");
    return input_open(&running->input, path, false, problem);
}

/* ---- The state at the end ---- */

static uint64_t hash_pages(const uint8_t *(*page)(void *owner, uint64_t offset), void *owner,
                           uint64_t size)
{
    static const uint8_t zeros[PAGE_SIZE];
    XXH3_state_t state;

    (void)XXH3_64bits_reset(&state);
    for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE) {
        const uint8_t *bytes = page(owner, offset);

        (void)XXH3_64bits_update(&state, bytes ? bytes : zeros, PAGE_SIZE);
    }
    return XXH3_64bits_digest(&state);
}

static const uint8_t *bare_page(void *owner, uint64_t offset)
{
    const struct bare *bare = owner;

    return bare->phys.ram + offset;
}

/* NULL for a page never touched. */
static const uint8_t *vm_page(void *owner, uint64_t offset)
{
    const struct vm *vm = owner;
    struct mpa mpa = pmap_lookup(&vm->pmap, (struct gpa){vm->pmap.base + offset});

    return mpa.v ? allocate_host(&vm->vmm->allocator, mpa) : NULL;
}

static void note_bare(struct measure_end *end, struct bare *bare)
{
    bool stopped = bare->board.power == BOARD_ON;

    end->end =
        stopped ? outcome_end(VM_LIMIT) : outcome_power((enum board_power)bare->board.power);
    end->retired = bare_retired(bare);
    end->ram = hash_pages(bare_page, bare, bare->phys.size);
    end->cpus = bare->board.harts.count;
    for (unsigned id = 0; id < end->cpus; id++)
        end->harts[id] = *bare_hart(bare, id);
}

static void note_vm(struct measure_end *end, struct vm *vm)
{
    end->end = outcome_end((enum vm_end)vm->end);
    end->retired = vm_retired(vm);
    end->ram = hash_pages(vm_page, vm, vm->pmap.size);
    end->cpus = vm->board.harts.count;
    for (unsigned id = 0; id < end->cpus; id++)
        end->harts[id] = vm->vcpus[id].hart;
}

/*
 * A guest that made hypercalls was changed for that. It may say by how many lines, with a
 * symbol.
 */
static uint32_t lines_of(const struct machine *machine)
{
    const struct file *file = &machine_image(machine, 0)->file;
    uint32_t lines;

    if (!machine->vms[0].counters.action[TRACE_PARA].count)
        return 0;
    return symbols_number(file->bytes, file->len, "pv_lines", &lines) ? lines : MEASURE_UNKNOWN;
}

static void note_cost(struct measure *row, const struct machine *machine)
{
    static const enum page_kind tables[] = {PAGE_PMAP, PAGE_SHADOW_ROOT, PAGE_SHADOW_LEAF,
                                            PAGE_SHADOW_LINK};

    row->counters = machine->vms[0].counters;
    row->direct_ppm = vm_direct_ppm(&machine->vms[0]);
    row->tables = 0;
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++)
        row->tables += (uint64_t)machine_pages(machine, 0, tables[i]) * PAGE_SIZE;
    row->lines = lines_of(machine);
}

/* ---- A run ---- */

static enum pz_err run_bare(struct running *running, struct machine_bare *machine,
                            struct problem *problem)
{
    const struct board_host host = board_of(running);
    uint64_t limit = running->options.max_insns, next, start;
    struct bare *bare = &machine->bare;
    enum pz_err err = machine_bare_open(machine, &running->options,
                                        running->row->technique.kind, 0, &host, problem);

    if (err)
        return err;
    start = machine_work();
    do {
        next = bare_retired(bare) + STEP;
        (void)bare_run(bare, next < limit ? next : limit);
    } while (bare->board.power == BOARD_ON && bare_retired(bare) < limit && !terminal_signal());
    running->ns = machine_work() - start;
    note_bare(&running->row->end, bare);
    return PZ_OK;
}

static enum pz_err once_bare(struct running *running, struct problem *problem)
{
    struct machine_bare *machine = calloc(1, sizeof *machine);
    enum pz_err err;

    if (!machine)
        return problem_memory(problem, "the machine");
    err = run_bare(running, machine, problem);
    running->row->served = true;
    machine_bare_close(machine);
    free(machine);
    return err;
}

static enum pz_err run_virtual(struct running *running, struct machine *machine,
                               struct problem *problem)
{
    const struct board_host board = board_of(running);
    struct measure *row = running->row;
    const struct machine_hosts hosts = {
        .boards = &board, .keep = DISK_KEEP_MEMORY, .unannounced = row->untold};
    uint64_t start;
    enum pz_err err =
        machine_open(machine, &running->options, row->technique.kind, &hosts, problem);

    if (err)
        return err;
    row->served = machine->vms[0].config.monitor == row->technique.monitor;
    if (!row->served)
        return PZ_OK;
    start = machine_work();
    while (!terminal_signal() && vmm_run(&machine->vmm, NULL) == VMM_RAN)
        ;
    running->ns = machine_work() - start;
    note_vm(&row->end, &machine->vms[0]);
    note_cost(row, machine);
    return PZ_OK;
}

static enum pz_err once_virtual(struct running *running, struct problem *problem)
{
    struct machine *machine = calloc(1, sizeof *machine);
    enum pz_err err;

    if (!machine)
        return problem_memory(problem, "the machine");
    err = run_virtual(running, machine, problem);
    machine_close(machine);
    free(machine);
    return err;
}

/* The options of one guest, taken from those of several. */
static struct options options_of(const struct options *options, unsigned k,
                                 const struct technique *technique)
{
    struct options one = *options;
    struct words *const lists[] = {&one.kernels, &one.appends, &one.initrds, &one.inputs};

    for (unsigned i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (lists[i]->count > 1)
            *lists[i] = (struct words){lists[i]->at + k, 1};
    one.vms = 1;
    one.shadow = technique->policy;
    one.monitor = technique->monitor;
    return one;
}

/*
 * Was the guest told of hypercalls, and made none? Then its device tree is all that differs from
 * the bare machine's, and has to be the same for its run to be compared with that.
 */
static bool asked_for_nothing(const struct measure *row)
{
    return row->served && !row->untold && row->technique.monitor == VM_PARA &&
           !row->counters.action[TRACE_PARA].count;
}

/* Keep the console; that of the last round replaces earlier ones. */
static enum pz_err run_once(struct measure *row, const struct options *options, unsigned k,
                            uint64_t *ns, struct problem *problem)
{
    struct running running = {.options = options_of(options, k, &row->technique), .row = row};
    enum pz_err err = open_input(&running, 0, problem);

    if (!err)
        err = row->technique.bare ? once_bare(&running, problem)
                                  : once_virtual(&running, problem);
    input_close(&running.input);
    free(row->end.console.bytes);
    row->end.console = running.printed;
    *ns = running.ns;
    if (!err && running.no_memory)
        err = problem_memory(problem, "what the guest prints");
    return err ? err : terminal_signal() ? PZ_FAILED : PZ_OK;
}

static enum pz_err run_row(struct measure *row, const struct options *options, unsigned k,
                           uint64_t *ns, struct problem *problem)
{
    enum pz_err err = run_once(row, options, k, ns, problem);

    if (err || row->technique.bare || !asked_for_nothing(row))
        return err;
    row->untold = true;
    return run_once(row, options, k, ns, problem);
}

enum pz_err measure_round(struct measure_guest *guest, const struct options *options,
                          unsigned k, struct problem *problem)
{
    double bare_ns = 0;

    for (unsigned i = 0; i < guest->count; i++) {
        struct measure *row = &guest->rows[i];
        uint64_t ns = 0;
        enum pz_err err;

        progress_show("%s: %s...", guest->name, row->technique.name);
        err = run_row(row, options, k, &ns, problem);
        if (err)
            return err;
        if (!row->served)
            continue;
        if (i == 0)
            bare_ns = (double)ns;
        samples_add(&row->ns, (double)ns);
        if (bare_ns > 0)
            samples_add(&row->ratio, (double)ns / bare_ns);
    }
    return PZ_OK;
}

/* ---- Afterwards ---- */

static bool same_output(const struct measure_end *a, const struct measure_end *b)
{
    return a->console.len == b->console.len && !strcmp(a->end, b->end) &&
           (!a->console.len || !memcmp(a->console.bytes, b->console.bytes, a->console.len));
}

static bool same_state(const struct measure_end *a, const struct measure_end *b)
{
    if (a->retired != b->retired || a->ram != b->ram || a->cpus != b->cpus)
        return false;
    for (unsigned id = 0; id < a->cpus; id++)
        if (!hart_equal(&a->harts[id], &b->harts[id]))
            return false;
    return true;
}

enum measure_verdict measure_compare(const struct measure_end *bare,
                                     const struct measure_end *end, bool knows)
{
    if (!same_output(bare, end))
        return MEASURE_DIFFERENT;
    if (same_state(bare, end))
        return MEASURE_SAME;
    return knows ? MEASURE_OUTPUT : MEASURE_DIFFERENT;
}

void measure_finish(struct measure_guest *guest)
{
    for (unsigned i = 0; i < guest->count; i++) {
        struct measure *row = &guest->rows[i];

        if (!row->served)
            continue;
        row->verdict = measure_compare(&guest->rows[0].end, &row->end,
                                       row->technique.monitor == VM_PARA && !row->untold);
        samples_sort(&row->ns);
        samples_sort(&row->ratio);
    }
}

void measure_free(struct measure_guest *guest)
{
    for (unsigned i = 0; i < guest->count; i++)
        free(guest->rows[i].end.console.bytes);
}

const char *measure_verdict_word(enum measure_verdict verdict)
{
    static const char *const words[] = {
        [MEASURE_SAME] = "yes", [MEASURE_OUTPUT] = "output", [MEASURE_DIFFERENT] = "NO"};

    return words[verdict];
}
