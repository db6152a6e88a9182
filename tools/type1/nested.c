/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nested.c - a kernel in a VM, in a VM of type 1 in a VM, and so on. Each level's monitor is the
 * same program, and does not know that it is inside another. Each prints its own counts when its VM
 * has ended, the innermost first.
 */
#define _GNU_SOURCE
#include "tools/type1/nested.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/type1/pack.h"

#define OWN_MEMORY (12u << 20) /* a monitor's, beyond its VM's: shadow tables above all */
#define TYPE1_RAM 0x80000000u
#define TYPE1_SAYS "type1: "

/* A machine's options, and what they refer to. */
struct level {
    struct options options;
    const char *kernel, *append, *initrd;
    struct file archive;
};

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct nested *nested = owner;

    if (!consoles_append(&nested->printed, bytes, len))
        nested->no_memory = true;
}

static int console_in(void *owner)
{
    (void)owner;
    return BOARD_INPUT_ENDED;
}

/* ---- A machine around a machine ---- */

static const char *words_of(const struct options *options)
{
    static const char *const words[2][2] = {{"stats", "stats collapse"},
                                            {"stats relay=off", "stats relay=off collapse"}};

    return options->no_accel ? "stats accel=off" : words[options->no_relay][options->collapse];
}

/* Type 1 uses the half of its memory before its initial RAM disk: give it twice what it needs. */
static void surround(struct level *outer, const struct level *inner, const char *type1)
{
    outer->options = inner->options;
    outer->kernel = type1;
    outer->initrd = "the archive";
    outer->append = words_of(&inner->options);
    outer->options.mem = 2 * (inner->options.mem + OWN_MEMORY);
    outer->options.ram_base = TYPE1_RAM;
    outer->options.virt = true;
    outer->options.kernels = (struct words){&outer->kernel, 1};
    outer->options.appends = (struct words){&outer->append, 1};
    outer->options.initrds = (struct words){&outer->initrd, 1};
    outer->options.initrd_read = &outer->archive;
}

static enum pz_err build(struct level levels[NESTED_LEVELS], unsigned depth, const char *type1,
                         struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 1; !err && i <= depth; i++) {
        surround(&levels[i], &levels[i - 1], type1);
        err = pack_vms(&levels[i - 1].options, &levels[i].archive, problem);
    }
    return err;
}

/* ---- The results ---- */

/* "type1: vm0 ...: shut down, exits 123, ...": the innermost monitor's comes first. */
static void read_exits(struct nested *nested, const char *line, size_t len, unsigned *level)
{
    static const char before[] = ", exits ";
    const char *exits = memmem(line, len, before, strlen(before));

    if (exits && *level)
        nested->exits[(*level)--] = strtoull(exits + strlen(before), NULL, 10);
}

/* What the guest printed, without the monitors' lines. */
static bool separate(struct nested *nested)
{
    unsigned level = nested->depth;
    char *at, *out;

    if (!consoles_append(&nested->printed, (const uint8_t *)"", 1))
        return false;
    nested->guest = out = malloc(nested->printed.len);
    if (!out)
        return false;
    for (at = nested->printed.bytes; *at;) {
        size_t len = strcspn(at, "\n");

        len += at[len] == '\n';
        if (!strncmp(at, TYPE1_SAYS, strlen(TYPE1_SAYS))) {
            read_exits(nested, at, len, &level);
        } else {
            memcpy(out, at, len);
            out += len;
        }
        at += len;
    }
    *out = '\0';
    return true;
}

/* ---- Running ---- */

static void show_progress(const struct nested *nested, const struct vm *vm)
{
    if (!nested->quiet)
        progress_show("depth %u: %" PRIu64 " million instructions...", nested->depth,
                      vm_retired(vm) / 1000000);
}

static enum pz_err run_machine(struct nested *nested, struct machine *machine,
                               const struct options *options, const struct engines_kind *kind,
                               struct problem *problem)
{
    const struct board_host board = {
        .console_out = console_out, .console_in = console_in, .owner = nested};
    const struct machine_hosts hosts = {.boards = &board, .keep = DISK_KEEP_MEMORY};
    enum pz_err err = machine_open(machine, options, kind, &hosts, problem);
    uint64_t start = machine_work();

    if (err)
        return err;
    while (!terminal_signal() && vmm_run(&machine->vmm, NULL) == VMM_RAN)
        show_progress(nested, &machine->vms[0]);
    nested->ns = machine_work() - start;
    nested->retired = vm_retired(&machine->vms[0]);
    nested->exits[0] = machine->vms[0].counters.exits;
    nested->counters = machine->vms[0].counters;
    nested->end = (enum vm_end)machine->vms[0].end;
    return terminal_signal() ? PZ_FAILED : PZ_OK;
}

enum pz_err nested_run(struct nested *nested, const struct options *options,
                       const struct engines_kind *kind, struct problem *problem)
{
    struct level levels[NESTED_LEVELS] = {{.options = *options}};
    struct machine *machine = calloc(1, sizeof *machine);
    char type1[PATH_ROOM];
    enum pz_err err;

    if (!machine)
        return problem_memory(problem, "the machine");
    err = guests_find("type1.elf", type1, sizeof type1, problem);
    if (!err)
        err = build(levels, nested->depth, type1, problem);
    if (!err)
        err = run_machine(nested, machine, &levels[nested->depth].options, kind, problem);
    machine_close(machine);
    free(machine);
    for (unsigned i = 0; i < NESTED_LEVELS; i++)
        file_free(&levels[i].archive);
    if (!err && (nested->no_memory || !separate(nested)))
        err = problem_memory(problem, "what the guest prints");
    return err;
}

void nested_free(struct nested *nested)
{
    free(nested->printed.bytes);
    free(nested->guest);
    nested->printed.bytes = nested->guest = NULL;
}
