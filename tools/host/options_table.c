/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options_table.c - the table of all options, and how the value of each kind of option is read
 * into struct options.
 */
#include "tools/host/options_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/host/variants.h"

#define OPTIONS_MEM_LEAST (64u << 10)
#define OPTIONS_MACHINE_LEAST (1u << 20)
#define OPTIONS_TRIALS_MOST 100000u
#define OPTIONS_CHECKPOINTS_LEAST (1u << 20)
#define OPTIONS_CHECKPOINTS_MOST (1ull << 40)

static const char *const shadow_names[] = {
    [SHADOW_LAZY] = "lazy", [SHADOW_TRACE] = "trace", [SHADOW_FLUSH] = "flush"};
static const char *const monitor_names[] = {
#define MONITOR(id, name, needs, about, asks) [VM_##id] = (name),
#include "vmm/monitors.def"
#undef MONITOR
};
static const char *const sched_names[] = {
#define SCHED(id, name, about) [SCHED_##id] = #name,
#include "vmm/scheds.def"
#undef SCHED
};
static const char *const charge_names[] = {[SCHED_CHARGE_INSNS] = "insns",
                                           [SCHED_CHARGE_EXITS] = "exits",
                                           [SCHED_CHARGE_HOST] = "host"};
static const char *const color_names[] = {
    [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

/* Where RAM begins: all else is alike. */
enum { MACHINE_PZ32, MACHINE_VIRT };
#define MACHINE_VIRT_RAM 0x80000000u
static const char *const machine_names[] = {[MACHINE_PZ32] = "pz32", [MACHINE_VIRT] = "virt"};

static const char *const virtio_names[] = {
    [OPTIONS_VIRTIO_LEGACY] = "legacy", [OPTIONS_VIRTIO_MODERN] = "modern"};
static const char *const console_names[] = {
    [OPTIONS_CONSOLE_UART] = "uart", [OPTIONS_CONSOLE_VIRTIO] = "virtio"};

static const char *const mode_names[] = {
    [CLASSIFY_MODE_PLAIN] = "plain", [CLASSIFY_MODE_ASSIST] = "assist"};

static const char *const unit_names[] = {[PROFILE_INSNS] = "insns", [PROFILE_NS] = "ns"};

enum pz_err options_add_word(struct words *words, const char *value)
{
    words->at[words->count++] = value; /* there is room for all of argv */
    return PZ_OK;
}

/* Where a row's value goes. */
static void *field_of(struct options *options, const struct option_row *row)
{
    return (char *)options + row->field;
}

static enum pz_err set_flag(struct options *options, const struct option_row *row,
                            const char *value, struct problem *problem)
{
    (void)value, (void)problem;
    *(bool *)field_of(options, row) = true;
    return PZ_OK;
}

/* A name or a file: what it may be, its command knows. */
static enum pz_err set_text(struct options *options, const struct option_row *row,
                            const char *value, struct problem *problem)
{
    (void)problem;
    *(const char **)field_of(options, row) = value;
    return PZ_OK;
}

static enum pz_err set_word(struct options *options, const struct option_row *row,
                            const char *value, struct problem *problem)
{
    (void)problem;
    return options_add_word(field_of(options, row), value);
}

/* As the user wrote it, for messages. */
static const char *dashed(const struct option_row *row, char *room, size_t size)
{
    snprintf(room, size, "--%s", row->name);
    return room;
}

static enum pz_err set_count(struct options *options, const struct option_row *row,
                             const char *value, struct problem *problem)
{
    char name[32];

    return parse_count(dashed(row, name, sizeof name), value, row->range,
                       field_of(options, row), problem);
}

static enum pz_err set_size(struct options *options, const struct option_row *row,
                            const char *value, struct problem *problem)
{
    char name[32];

    return parse_size(dashed(row, name, sizeof name), value, row->range, field_of(options, row),
                      problem);
}

static enum pz_err set_load(struct options *options, const struct option_row *row,
                            const char *value, struct problem *problem)
{
    options->has_load = true;
    return set_size(options, row, value, problem);
}

static enum pz_err set_slices(struct options *options, const struct option_row *row,
                              const char *value, struct problem *problem)
{
    const struct parse_range range = {1, INT64_MAX};
    char part[32];

    (void)row;
    options->every_slice = (options->sets & OPTIONS_VERIFY) && !strcmp(value, "all");
    options->slice_count = 0;
    while (!options->every_slice && parse_part(&value, part, sizeof part)) {
        unsigned most = options->sets & OPTIONS_VERIFY ? OPTIONS_SLICES : 1;
        enum pz_err err;

        if (options->slice_count == most)
            return problem_set(problem, PZ_USAGE, "--slice: at most %u of them here", most);
        err = parse_count("--slice", part, range, &options->slices[options->slice_count++],
                          problem);
        if (err)
            return err;
    }
    return PZ_OK;
}

/* N, or N,user, or N,FILE. */
static enum pz_err set_fault(struct options *options, const struct option_row *row,
                             const char *value, struct problem *problem)
{
    const struct parse_range range = {1, INT64_MAX};
    char part[32];

    (void)row;
    if (!parse_part(&value, part, sizeof part))
        return problem_set(problem, PZ_USAGE, "--fault: give a number of instructions");
    if (value && !*value)
        return problem_set(problem, PZ_USAGE, "--fault: say 'user' or a file after the comma");
    options->fault_in = value;
    return parse_count("--fault", part, range, &options->fault_at, problem);
}

/* Numbers by commas, one for each VM. */
static enum pz_err read_numbers(const char *name, const char *value, struct parse_range range,
                                uint32_t numbers[VMM_VMS], unsigned *count,
                                struct problem *problem)
{
    uint64_t number;
    char part[32];

    *count = 0;
    while (parse_part(&value, part, sizeof part)) {
        enum pz_err err = parse_count(name, part, range, &number, problem);

        if (err)
            return err;
        if (*count == VMM_VMS)
            return problem_set(problem, PZ_USAGE, "%s: more than %u of them", name, VMM_VMS);
        numbers[(*count)++] = (uint32_t)number;
    }
    return PZ_OK;
}

static enum pz_err set_shares(struct options *options, const struct option_row *row,
                              const char *value, struct problem *problem)
{
    (void)row;
    return read_numbers("--shares", value, (struct parse_range){1, VM_SHARES_MOST},
                        options->shares, &options->share_count, problem);
}

static enum pz_err set_percents(struct options *options, const struct option_row *row,
                                const char *value, struct problem *problem)
{
    struct percents *percents = field_of(options, row);
    char name[32];

    return read_numbers(dashed(row, name, sizeof name), value, row->range, percents->at,
                        &percents->count, problem);
}

static enum pz_err set_rates(struct options *options, const struct option_row *row,
                             const char *value, struct problem *problem)
{
    struct rates *rates = field_of(options, row);
    uint64_t rate;
    char name[32], part[32];

    for (rates->count = 0; parse_part(&value, part, sizeof part);) {
        enum pz_err err =
            parse_size(dashed(row, name, sizeof name), part, row->range, &rate, problem);

        if (err)
            return err;
        if (rates->count == VMM_VMS)
            return problem_set(problem, PZ_USAGE, "%s: more than %u of them", name, VMM_VMS);
        rates->at[rates->count++] = (uint32_t)rate;
    }
    return PZ_OK;
}

static enum pz_err set_balloon(struct options *options, const struct option_row *row,
                               const char *value, struct problem *problem)
{
    options->has_balloon = true;
    return set_size(options, row, value, problem);
}

static enum pz_err set_sched(struct options *options, const struct option_row *row,
                             const char *value, struct problem *problem)
{
    (void)row;
    return parse_choice("--sched", value, sched_names, SCHEDS, &options->sched, problem);
}

static enum pz_err set_charge(struct options *options, const struct option_row *row,
                              const char *value, struct problem *problem)
{
    (void)row;
    return parse_choice("--charge", value, charge_names, SCHED_CHARGES, &options->charge,
                        problem);
}

static enum pz_err set_shadow(struct options *options, const struct option_row *row,
                              const char *value, struct problem *problem)
{
    (void)row;
    options->every_shadow = (options->sets & OPTIONS_VERIFY) && !strcmp(value, "all");
    if (options->every_shadow)
        return PZ_OK;
    options->has_shadow = true;
    return parse_choice("--shadow", value, shadow_names, SHADOW_POLICIES, &options->shadow,
                        problem);
}

static enum pz_err set_monitor(struct options *options, const struct option_row *row,
                               const char *value, struct problem *problem)
{
    (void)row;
    options->has_monitor = true;
    options->every_monitor = (options->sets & OPTIONS_VERIFY) && !strcmp(value, "all");
    if (options->every_monitor)
        return PZ_OK;
    return parse_choice("--monitor", value, monitor_names, VM_MONITORS, &options->monitor,
                        problem);
}

static enum pz_err set_machine(struct options *options, const struct option_row *row,
                               const char *value, struct problem *problem)
{
    unsigned machine;
    enum pz_err err = parse_choice("--machine", value, machine_names, 2, &machine, problem);

    (void)row;
    if (err)
        return err;
    options->virt = machine == MACHINE_VIRT;
    options->ram_base = options->virt ? MACHINE_VIRT_RAM : 0;
    return PZ_OK;
}

static enum pz_err set_virtio(struct options *options, const struct option_row *row,
                              const char *value, struct problem *problem)
{
    (void)row;
    return parse_choice("--virtio", value, virtio_names, 2, &options->virtio, problem);
}

static enum pz_err set_console(struct options *options, const struct option_row *row,
                               const char *value, struct problem *problem)
{
    (void)row;
    return parse_choice("--console", value, console_names, 2, &options->console, problem);
}

static enum pz_err set_variants(struct options *options, const struct option_row *row,
                                const char *value, struct problem *problem)
{
    (void)row;
    options->list_variants = !strcmp(value, "list");
    if (options->list_variants)
        return PZ_OK;
    return variants_parse("--variant", value, &options->variants, problem);
}

static enum pz_err set_color(struct options *options, const struct option_row *row,
                             const char *value, struct problem *problem)
{
    (void)row;
    return parse_choice("--color", value, color_names, 3, &options->color, problem);
}

static enum pz_err set_mode(struct options *options, const struct option_row *row,
                            const char *value, struct problem *problem)
{
    (void)row;
    return parse_choice("--mode", value, mode_names, 2, &options->classify_mode, problem);
}

static enum pz_err set_unit(struct options *options, const struct option_row *row,
                            const char *value, struct problem *problem)
{
    (void)row;
    return parse_choice("--profile-unit", value, unit_names, 2, &options->profile_unit,
                        problem);
}

/* A row's setter, field and range. */
#define FLAG(field)                                                                            \
    set_flag, offsetof(struct options, field),                                                 \
    {                                                                                          \
        0, 0                                                                                   \
    }
#define TEXT(field)                                                                            \
    set_text, offsetof(struct options, field),                                                 \
    {                                                                                          \
        0, 0                                                                                   \
    }
#define WORD(field)                                                                            \
    set_word, offsetof(struct options, field),                                                 \
    {                                                                                          \
        0, 0                                                                                   \
    }
#define COUNT(field, least, most)                                                              \
    set_count, offsetof(struct options, field),                                                \
    {                                                                                          \
        least, most                                                                            \
    }
#define SIZE(field, least, most)                                                               \
    set_size, offsetof(struct options, field),                                                 \
    {                                                                                          \
        least, most                                                                            \
    }
#define PERCENTS(field, least)                                                                 \
    set_percents, offsetof(struct options, field),                                             \
    {                                                                                          \
        least, 100                                                                             \
    }
#define PER_SECOND(rate)                                                                       \
    set_rates, offsetof(struct options, rates[rate]),                                          \
    {                                                                                          \
        0, LIMIT_MOST                                                                          \
    }
#define OWN(setter)                                                                            \
    setter, 0,                                                                                 \
    {                                                                                          \
        0, 0                                                                                   \
    }

const struct option_row options_rows[] = {
    {"vms", "N", OPTIONS_MONITOR | OPTIONS_IMAGE, COUNT(vms, 1, VMM_VMS),
     "number of virtual machines"},
    {"engine", "NAME",
     OPTIONS_GUEST | OPTIONS_REPLAY | OPTIONS_DIFF | OPTIONS_CLASSIFY | OPTIONS_SAVED,
     TEXT(engine), "what executes instructions (pz doctor lists them)"},
    {"shadow", "POLICY", OPTIONS_MONITOR | OPTIONS_SAVED | OPTIONS_NEST, OWN(set_shadow),
     "how shadow page tables are kept: lazy (default), trace, flush"},
    {"variant", "NAME[,NAME...]", OPTIONS_GUEST | OPTIONS_CLASSIFY, OWN(set_variants),
     "run on a broken instruction set: these encodings are changed ('list' shows all)"},
    {"monitor", "KIND",
     OPTIONS_MONITOR | OPTIONS_BENCH | OPTIONS_TRANSLATE | OPTIONS_SAVED | OPTIONS_NEST,
     OWN(set_monitor),
     "technique: plain (default), hybrid, translate, assist or para (docs/techniques.md)"},
    {"cpus", "N", OPTIONS_GUEST | OPTIONS_IMAGE, COUNT(cpus, 1, HARTS_MOST),
     "CPUs of each machine, 1 to 8 (default 1); they take turns"},
    {"quantum", "N", OPTIONS_GUEST, COUNT(quantum, HARTS_QUANTUM_LEAST, INT64_MAX),
     "longest turn of a CPU, in instructions (default 10k); changing it changes the run"},
    {"no-reboot", NULL, OPTIONS_GUEST, FLAG(no_reboot),
     "a guest that asks for a restart shuts down instead"},
    {"slice", "N", OPTIONS_MONITOR | OPTIONS_SAVED, OWN(set_slices),
     "instructions before another VM gets its turn (default 1M; from 16 VMs on longer, up to 8M)"},
    {"shares", "N[,N...]", OPTIONS_RUN | OPTIONS_DEBUG | OPTIONS_IMAGE | OPTIONS_REPORT,
     OWN(set_shares), "each VM's share of the CPU (default 100; the last applies to the rest)"},
    {"cap", "P[,P...]", OPTIONS_RUN, PERCENTS(caps, 1),
     "upper limit on each VM's share of the machine's time, in per cent"},
    {"reserve", "P[,P...]", OPTIONS_RUN, PERCENTS(reserves, 0),
     "share of the machine's time that each VM is guaranteed, in per cent"},
    {"sched", "NAME", OPTIONS_RUN, OWN(set_sched),
     "scheduler: stride (default), lottery, bvt, credit (docs/resources.md)"},
    {"sched-seed", "N", OPTIONS_RUN, COUNT(sched_seed, 1, INT64_MAX),
     "the seed of --sched lottery"},
    {"charge", "KIND", OPTIONS_RUN, OWN(set_charge),
     "what a VM is charged for its turn: insns (default), exits (each at a price), or host (host "
     "time: the order of turns then differs from run to run)"},
    {"exit-price", "N", OPTIONS_RUN, COUNT(exit_price, 1, SCHED_EXIT_PRICE_MOST),
     "with --charge exits: the price of an exit, in instructions (default 250)"},
    {"threads", "N", OPTIONS_RUN, COUNT(threads, 1, OPTIONS_THREADS_MOST),
     "spread the VMs over N host threads; each VM runs exactly as it would on one"},
    {"price", "FILE", OPTIONS_LIVE, TEXT(price),
     "a JSON file with prices: prints a bill for each VM at the end (docs/resources.md)"},
    {"share", NULL, OPTIONS_MONITOR | OPTIONS_SAVED, FLAG(share),
     "VMs share identical pages, which are copied on write (docs/sharing.md)"},
    {"machine-memory", "SIZE", OPTIONS_RUN | OPTIONS_MAP,
     SIZE(machine_memory, OPTIONS_MACHINE_LEAST, OPTIONS_RAM_END),
     "memory of the host machine; if the VMs need more, pages go to a file (docs/sharing.md)"},
    {"mem", "SIZE", OPTIONS_KERNEL | OPTIONS_TRANSLATE,
     SIZE(mem, OPTIONS_MEM_LEAST, OPTIONS_RAM_END),
     "RAM of each machine (default 16M; with --machine virt 128M)"},
    {"ram-base", "ADDRESS", OPTIONS_GUEST | OPTIONS_TRANSLATE | OPTIONS_IMAGE | OPTIONS_ASM,
     SIZE(ram_base, 0, OPTIONS_RAM_END - OPTIONS_MEM_LEAST),
     "where RAM begins (default 0; QEMU's virt machine: 0x80000000)"},
    {"machine", "NAME", OPTIONS_KERNEL | OPTIONS_TRANSLATE, OWN(set_machine),
     "pz32 (default), or virt: RAM where QEMU's virt machine has it, for kernels built for that"},
    {"load",
     "ADDRESS",
     OPTIONS_GUEST | OPTIONS_TRANSLATE | OPTIONS_IMAGE,
     set_load,
     offsetof(struct options, load),
     {0, OPTIONS_RAM_END - 1},
     "where to load a flat binary or a position-independent kernel (other ELF files and Linux's "
     "Image say so themselves; with --machine virt a flat binary goes to 0x80400000)"},
    {"initrd", "FILE", OPTIONS_KERNEL, WORD(initrds),
     "an initial RAM disk, named in the device tree; repeated: the k-th is for VM k"},
    {"dtb", "FILE", OPTIONS_GUEST, TEXT(dtb),
     "use the device tree in FILE, adding --append and --initrd; dump: print pz's own to stdout"},
    {"append", "TEXT", OPTIONS_KERNEL, WORD(appends),
     "kernel command line; repeated: the k-th is for VM k. The mini guest runs it as a command"},
    {"input", "FILE", (OPTIONS_GUEST & ~OPTIONS_MAP) | OPTIONS_SAVED, WORD(inputs),
     "console input, then end of file; repeated: the k-th is for VM k. - is stdin; @console: what "
     "pz console types"},
    {"disk", "FILE[,ro|,snapshot]", OPTIONS_GUEST, WORD(disks),
     "a virtio disk backed by a raw image; repeated: the k-th is for VM k, or for VM K with ,vm=K; a "
     "single VM gets all. With snapshot, writes go to FILE.snapshot (see pz disk). verify, map and "
     "debug discard writes"},
    {"net", "KIND", OPTIONS_LIVE | OPTIONS_BARE | OPTIONS_DEBUG | OPTIONS_REPORT, WORD(nets),
     "a virtio network card: user[,hostfwd=tcp:[HOST]:PORT-:PORT] or switch=NAME, which connects "
     "VMs of this pz; repeated: the k-th is for VM k"},
    {"rng-seed", "N", OPTIONS_GUEST, COUNT(rng_seed, 1, INT64_MAX - VMM_VMS),
     "a virtio random number generator, seeded with N"},
    {"balloon",
     "SIZE",
     OPTIONS_GUEST,
     set_balloon,
     offsetof(struct options, balloon),
     {0, OPTIONS_RAM_END - PAGE_SIZE},
     "a virtio balloon: guests are asked to give back SIZE of their memory (0: until pz set, none)"},
    {"fault", "N[,user|,FILE]", OPTIONS_RUN | OPTIONS_BARE, OWN(set_fault),
     "inject a fault: once VM 0 has retired N instructions, overwrite the next one of its kernel "
     "with an illegal instruction; ,user: the next one in user mode; ,FILE: the next one of the "
     "program whose ELF file this is"},
    {"disk-rate", "SIZE[,SIZE...]", OPTIONS_GUEST, PER_SECOND(RATE_DISK_BYTES),
     "limit on each VM's disks, in bytes per second of its own time (default 0: none)"},
    {"disk-ops", "N[,N...]", OPTIONS_GUEST, PER_SECOND(RATE_DISK_OPS), "the same, in requests"},
    {"net-rate", "SIZE[,SIZE...]", OPTIONS_GUEST, PER_SECOND(RATE_NET_BYTES),
     "limit on its network, both directions together, in bytes"},
    {"net-ops", "N[,N...]", OPTIONS_GUEST, PER_SECOND(RATE_NET_OPS), "the same, in frames"},
    {"console", "KIND", OPTIONS_GUEST, OWN(set_console),
     "uart (default), or virtio: a virtio console in addition to the UART"},
    {"virtio", "VERSION", OPTIONS_GUEST, OWN(set_virtio),
     "interface of the virtio devices: legacy (default, as in QEMU) or modern"},
    {"max-insns", "N", OPTIONS_KERNEL | OPTIONS_SAVED, COUNT(max_insns, 1, INT64_MAX),
     "stop a machine once it has retired this many instructions"},
    {"trace", "FILE", OPTIONS_LIVE, TEXT(trace),
     "write each exit: .json for Perfetto, .bin for pz trace, else JSON lines"},
    {"record", "FILE", OPTIONS_LIVE, TEXT(record),
     "record what is typed, and when, for pz replay; pz restore and pz receive continue the "
     "recording of a run that was being recorded"},
    {"save", "FILE", OPTIONS_LIVE, TEXT(save),
     "when the run ends, write the machine to FILE, for pz restore"},
    {"save-at", "N", OPTIONS_LIVE, COUNT(save_at, 1, INT64_MAX),
     "with --save: write it when VM 0 has retired N instructions, and carry on"},
    {"save-exit", NULL, OPTIONS_LIVE, FLAG(save_exit),
     "with --save-at: end the run after writing it"},
    {"since", "BASE", OPTIONS_LIVE, TEXT(since),
     "with --save: write only what differs from the snapshot BASE, which must be kept"},
    {"since", "BASE", OPTIONS_SAVE, TEXT(since),
     "write only what differs from the snapshot BASE, which must be kept"},
    {"count", "N", OPTIONS_CLONE, COUNT(clones, 1, VMM_VMS), "clones (default 2)"},
    {"identity", NULL, OPTIONS_CLONE, FLAG(identity),
     "give every clone but the first its own random numbers and network address"},
    {"name", "NAME", OPTIONS_LIVE, TEXT(name),
     "a name by which other commands find this run: pz list, pause, save, stats, stop..."},
    {"control", "unix:PATH", OPTIONS_LIVE, TEXT(control),
     "the same, with the socket at PATH (docs/control.md)"},
    {"vm", "K", OPTIONS_CHANGE | OPTIONS_STATS, COUNT(only_vm, 0, VMM_VMS - 1),
     "only this VM (default all)"},
    {"vm", "K", OPTIONS_CONSOLE, COUNT(only_vm, 0, VMM_VMS - 1),
     "whose console; required if the run has several VMs"},
    {"stop", NULL, OPTIONS_SAVE, FLAG(save_stop), "end the run at that instruction"},
    {"prometheus", NULL, OPTIONS_STATS, FLAG(prometheus), "in the text format of Prometheus"},
    {"to", "unix:PATH", OPTIONS_MIGRATE, TEXT(where), "where pz receive waits"},
    {"bandwidth", "SIZE", OPTIONS_MIGRATE, SIZE(bandwidth, 1, INT64_MAX),
     "bytes per second while the VMs run (default: no limit)"},
    {"post-copy", NULL, OPTIONS_MIGRATE, FLAG(post_copy),
     "move the VMs after one round; the rest of their memory follows"},
    {"profile", "FILE", OPTIONS_RUN, TEXT(profile),
     "profile by function: folded stacks, for flamegraph.pl, speedscope, inferno"},
    {"profile-unit", "UNIT", OPTIONS_RUN, OWN(set_unit),
     "unit of the profile: insns (default; the same in every run), ns (host time)"},
    {"profile-every", "N", OPTIONS_RUN,
     COUNT(profile_interval, OPTIONS_PROFILE_LEAST, INT64_MAX),
     "instructions between samples (default 6199)"},
    {"symbols", "FILE", OPTIONS_RUN | OPTIONS_BARE, WORD(symbols),
     "a user program's ELF file, or a directory of them, for symbols; repeated: all of them"},
    {"perf-map", NULL, OPTIONS_RUN | OPTIONS_BARE, FLAG(perf_map),
     "name translated code for Linux perf, in /tmp/perf-PID.map"},
    {"checkpoint-mem", "SIZE", OPTIONS_TRAVEL,
     SIZE(checkpoint_mem, OPTIONS_CHECKPOINTS_LEAST, OPTIONS_CHECKPOINTS_MOST),
     "memory for checkpoints: more makes going back faster (default 256M)"},
    {"checkpoint-every", "N", OPTIONS_TRAVEL, COUNT(checkpoint_every, 1, INT64_MAX),
     "instructions between checkpoints (default: whatever takes a twelfth of the time)"},
    {"vm", "K", OPTIONS_TRACE, COUNT(only_vm, 0, VMM_VMS - 1), "only events of this VM"},
    {"when", "EXPR", OPTIONS_BISECT, TEXT(when),
     "the condition: an expression of the debugger (docs/debugger.md)"},
    {"vm", "K", OPTIONS_BISECT, COUNT(only_vm, 0, VMM_VMS - 1),
     "the VM that EXPR is about (default 0)"},
    {"cause", "CAUSE", OPTIONS_TRACE, TEXT(cause),
     "only this cause: a number, or part of its name (page fault)"},
    {"action", "ACTION", OPTIONS_TRACE, TEXT(action),
     "only exits handled in this way: emulate, fill, inject..."},
    {"from", "N", OPTIONS_TRACE, COUNT(from, 0, INT64_MAX),
     "only from this instruction of the VM on"},
    {"to", "N", OPTIONS_TRACE, COUNT(to, 0, INT64_MAX),
     "only up to this instruction of the VM"},
    {"to-json", "FILE", OPTIONS_TRACE, TEXT(to_json), "write the events to FILE, for Perfetto"},
    {"stats", NULL, OPTIONS_REPORT, FLAG(stats),
     "also show exits in host time; the page then differs from run to run"},
    {"stats", NULL, OPTIONS_LIVE, FLAG(stats),
     "at the end, print exits by kind with their host time, and memory"},
    {"focus", "K", OPTIONS_LIVE, COUNT(focus, 0, VMM_VMS - 1),
     "the VM that has the keyboard at first (default 0)"},
    {"no-pace", NULL, OPTIONS_LIVE | OPTIONS_BARE, FLAG(no_pace),
     "at a terminal: do not slow guest time down to real time"},
    {"color", "WHEN", OPTIONS_LIVE | OPTIONS_DEBUG, OWN(set_color),
     "auto (default; NO_COLOR is respected), always, never"},
    {"depth", "N", OPTIONS_NEST, COUNT(depth, 1, OPTIONS_DEPTH_MOST),
     "monitors inside the outermost one (default 2)"},
    {"no-accel", NULL, OPTIONS_NEST, FLAG(no_accel),
     "the monitors switch worlds with their own privileged instructions"},
    {"no-relay", NULL, OPTIONS_NEST, FLAG(no_relay),
     "the monitors pass on the traps of their guests' guests themselves, and do not leave that to "
     "the firmware, which is the monitor below"},
    {"collapse", NULL, OPTIONS_NEST, FLAG(collapse),
     "the monitors leave most of their guests' page faults to the firmware"},
    {"engine", "NAME", OPTIONS_NEST, TEXT(engine),
     "what executes instructions (pz doctor lists them)"},
    {"quick", NULL, OPTIONS_BENCH, FLAG(quick),
     "fewer and shorter runs, with one policy: for a first impression"},
    {"only", "NAME[,NAME...]", OPTIONS_BENCH, TEXT(only),
     "some workloads; or compute, system, nano, figures; or one of the tables debugger, sched, "
     "neighbours"},
    {"mode", "MODE", OPTIONS_CLASSIFY, OWN(set_mode),
     "guests run in user mode (plain, the default), or with hardware assistance (assist)"},
    {"only", "ROW[,ROW...]", OPTIONS_CLASSIFY, TEXT(only), "some rows: csrrs.sstatus,sret"},
    {"seed", "N", OPTIONS_CLASSIFY, COUNT(seed, 0, INT64_MAX),
     "seed of the random operands and states (default 1)"},
    {"trials", "N", OPTIONS_CLASSIFY, COUNT(trials, 0, OPTIONS_TRIALS_MOST),
     "random encodings tried for each row (default 8)"},
    {"witness", "NAME", OPTIONS_CLASSIFY, TEXT(witness),
     "run this witness again, and show it: csrrs.sstatus/state-1"},
    {"elf", "FILE", OPTIONS_CLASSIFY, TEXT(elf),
     "with --witness: write it as a guest, for pz debug and pz bare"},
    {"engines", "NAME[,NAME...]", OPTIONS_BENCH, TEXT(engines),
     "some engines; the summaries are about the first"},
    {"policies", "NAME[,NAME...]", OPTIONS_BENCH, TEXT(policies),
     "some shadow policies: lazy, trace, flush"},
    {"runs", "N", OPTIONS_BENCH | OPTIONS_COMPARE, COUNT(runs, 1, OPTIONS_RUNS_MOST),
     "measured runs of each (default 5; bench --quick, and compare: 3)"},
    {"svg", "FILE", OPTIONS_BENCH | OPTIONS_COMPARE, TEXT(svg), "draw a bar chart"},
    {"svg", "FILE", OPTIONS_MAP | OPTIONS_TRACE, TEXT(svg), "draw a picture instead, in SVG"},
    {"step", "N", OPTIONS_TUTORIAL, COUNT(step, 1, OPTIONS_STEPS_MOST), "begin at step N"},
    {"systems", NULL, OPTIONS_COMPARE, FLAG(systems),
     "compare the bundled systems, each of a different design, on the common workload"},
    {"run", NULL, OPTIONS_ZOO, FLAG(measure),
     "run the command of TERM, or of every kind of machine, and report its cost"},
    {"cost", NULL, OPTIONS_TRANSLATE, FLAG(cost),
     "run the guest, and show when the cost of translating has paid off"},
    {"append", "TEXT", OPTIONS_TRANSLATE, WORD(appends),
     "with --cost: the kernel's command line"},
    {"max-insns", "N", OPTIONS_TRANSLATE, COUNT(max_insns, 1, INT64_MAX),
     "with --cost: stop once this many instructions have retired"},
    {"markdown", NULL, OPTIONS_BENCH | OPTIONS_COMPARE, FLAG(markdown),
     "print as Markdown: the summary, in the README's format; or the tables"},
    {"no-qemu", NULL, OPTIONS_BENCH, FLAG(no_qemu), "leave QEMU out"},
    {"gdb", "ADDRESS", OPTIONS_RUN | OPTIONS_DEBUG | OPTIONS_REPLAY, TEXT(gdb),
     "wait for gdb at [HOST:]PORT or unix:PATH, and let it drive the guests (docs/gdb.md)"},
    {"port", "N", OPTIONS_DAP, TEXT(port),
     "wait for the editor at this local port, not on standard input (0: any free port)"},
    {"port", "N", OPTIONS_WEB, TEXT(port), "the local port (default: any that is free)"},
    {"stdio", NULL, OPTIONS_WEB, FLAG(stdio),
     "no page: requests on standard input and answers on standard output, one per line"},
    {"at", "PLACE", OPTIONS_TRANSLATE, TEXT(at),
     "where: a symbol, symbol+offset or a virtual address (default: the kernel's entry)"},
    {"count", "N", OPTIONS_TRANSLATE, COUNT(count, 1, 100000),
     "number of guest instructions (default 16)"},
    {"execute", "FILE", OPTIONS_DEBUG, WORD(scripts),
     "-x FILE: run the commands in FILE first; repeated: one after the other"},
    {"batch", NULL, OPTIONS_DEBUG, FLAG(batch), "read no commands except those of -x"},
    {"list", NULL, OPTIONS_GRADE, FLAG(list), "list the exercises"},
    {"format", "FORMAT", OPTIONS_GRADE, TEXT(format),
     "text (default), json, gradescope, junit, tap, classroom, prairielearn"},
    {"output", "FILE",
     OPTIONS_GRADE | OPTIONS_IMAGE | OPTIONS_SAVE | OPTIONS_REPORT | OPTIONS_ASM, TEXT(output),
     "-o FILE: write the result to FILE"},
    {"replays", "DIR", OPTIONS_GRADE, TEXT(replays),
     "where replay files of failed checks go (default: here)"},
    {"all", "DIR", OPTIONS_GRADE, TEXT(students),
     "grade a class: each directory in DIR is one student's; the result is CSV"},
    {"jobs", "N", OPTIONS_GRADE, COUNT(jobs, 1, 1024),
     "with --all: how many at once (default: one for each CPU)"},
    {"page", "URL", OPTIONS_REPORT, TEXT(page),
     "where links go: the address of the lab's page (default: the one installed with pz)"},
    {"man", NULL, OPTIONS_HELP, FLAG(man), "print a manual page, in man(7) format"},
    {"completion", "SHELL", OPTIONS_HELP, TEXT(completion),
     "a script for the shell's completion: bash, zsh, fish"},
    {"json", NULL, OPTIONS_DEBUG, FLAG(json),
     "a JSON line for each command (docs/debugger.md)"},
    {"json", NULL,
     OPTIONS_ALL &
         ~(OPTIONS_DEBUG | OPTIONS_TRACE | OPTIONS_TUTORIAL | OPTIONS_HELP | OPTIONS_DAP |
           OPTIONS_IMAGE | OPTIONS_WEB | OPTIONS_REPORT | OPTIONS_CONSOLE),
     FLAG(json), "one JSON document on stdout (docs/json.md)"},
    {"help", NULL, OPTIONS_ALL, FLAG(help), "this text"},
};

const unsigned options_row_count = sizeof options_rows / sizeof options_rows[0];

const char *options_shadow_name(unsigned policy)
{
    return shadow_names[policy];
}

const char *options_color_name(unsigned color)
{
    return color_names[color];
}

const char *options_mode_name(unsigned mode)
{
    return mode_names[mode];
}

const char *options_unit_name(unsigned unit)
{
    return unit_names[unit];
}
