/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options_check.c - checks that involve more than one option: lists that are too long, RAM that
 * hides devices, files that would be overwritten, options that require another.
 */
#include "tools/host/options_check.h"

#include <inttypes.h>
#include <string.h>

#include <sys/stat.h>

#include "tools/host/input.h"
#include "tools/host/net.h"

#define SET_WORDS 10u  /* a run's name, and what is to be set */
#define GRADE_WORDS 9u /* an exercise, and its files */
#define RESULT_WORDS 65536u

/* Devices, those to come included: RAM must not hide them. */
#define DEVICES_BASE 0x0c000000ull
#define DEVICES_END 0x10010000ull

static enum pz_err check_ram(struct options *options, struct problem *problem)
{
    uint64_t base = options->ram_base, end;

    if (!options->mem)
        options->mem = options->virt ? OPTIONS_MEM_VIRT : OPTIONS_MEM_DEFAULT;
    end = base + options->mem;
    if ((base | end) & PAGE_MASK)
        return problem_set(problem, PZ_USAGE,
                           "--mem and --ram-base must be multiples of the page size, 4K");
    if (end == OPTIONS_RAM_END + PAGE_SIZE) {
        options->mem -= PAGE_SIZE; /* up to 4 GiB is meant; the last page is not to be had */
        end = OPTIONS_RAM_END;
    }
    if (end > OPTIONS_RAM_END)
        return problem_set(problem, PZ_USAGE,
                           "RAM from 0x%" PRIx64 " to 0x%" PRIx64
                           " does not end below 0x%llx: lower --mem or --ram-base",
                           base, end, OPTIONS_RAM_END);
    if (base < DEVICES_END && end > DEVICES_BASE)
        return problem_set(problem, PZ_USAGE,
                           "RAM from 0x%" PRIx64 " to 0x%" PRIx64
                           " would hide the devices at 0x%llx to 0x%llx: lower --mem, or give "
                           "--machine virt (the kernel must be linked for it)",
                           base, end, DEVICES_BASE, DEVICES_END);
    return PZ_OK;
}

/* Lists by VM must not name more VMs than there are. `vms` 0: as many as the longest. */
static enum pz_err check_lists(const struct options *options, struct problem *problem)
{
    const struct {
        const char *name;
        unsigned count;
    } lists[] = {{"--input", options->inputs.count},
                 {"--append", options->appends.count},
                 {"--shares", options->share_count},
                 {"--net", options->nets.count},
                 {"--cap", options->caps.count},
                 {"--reserve", options->reserves.count},
                 {"--initrd", options->initrds.count},
                 {"kernels", options->kernels.count},
                 {"--disk-rate", options->rates[RATE_DISK_BYTES].count},
                 {"--disk-ops", options->rates[RATE_DISK_OPS].count},
                 {"--net-rate", options->rates[RATE_NET_BYTES].count},
                 {"--net-ops", options->rates[RATE_NET_OPS].count}};

    for (unsigned i = 0; options->vms && i < sizeof lists / sizeof lists[0]; i++)
        if (lists[i].count > options->vms)
            return problem_set(
                problem, PZ_USAGE,
                "%s: %u of them for %" PRIu64 " VM%s: give one for each, or one for all",
                lists[i].name, lists[i].count, options->vms, options->vms == 1 ? "" : "s");
    if (options->vms && options->kernels.count > 1 && options->kernels.count != options->vms)
        return problem_set(problem, PZ_USAGE,
                           "%u kernels for %" PRIu64 " VMs: give one for all, or one for each",
                           options->kernels.count, options->vms);
    if (options->vms && options->focus >= options->vms)
        return problem_set(problem, PZ_USAGE, "--focus: there is no VM %" PRIu64,
                           options->focus);
    return PZ_OK;
}

bool options_name_results(const struct options *options)
{
    for (unsigned i = 0; i < options->kernels.count; i++) {
        const char *end = strrchr(options->kernels.at[i], '.');

        if (!end || strcmp(end, ".json"))
            return false;
    }
    return (options->sets & OPTIONS_REPORT) && options->kernels.count;
}

static enum pz_err check_kernels(const struct options *options, struct problem *problem)
{
    unsigned most = options_name_results(options)     ? RESULT_WORDS
                    : options->sets & OPTIONS_GRADE   ? GRADE_WORDS
                    : options->sets & OPTIONS_LIST    ? 0
                    : options->sets & OPTIONS_CONTROL ? SET_WORDS
                    : options->sets & (OPTIONS_HELP | OPTIONS_NEW | OPTIONS_ASM | OPTIONS_ZOO)
                        ? 1
                    : options->sets & (OPTIONS_DISK | OPTIONS_DIFF) ? 2
                    : options->sets & OPTIONS_NONE                  ? 0
                    : options->sets & (OPTIONS_ONE | OPTIONS_FILE)  ? 1
                                                                    : VMM_VMS;

    if (options->kernels.count <= most)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE, "too many words, from '%s' on: %s",
                       options->kernels.at[most],
                       most ? "one is enough here" : "this command takes none");
}

/* How many VMs when --vms does not say: two, or as many as any list has. */
static void choose_vms(struct options *options)
{
    unsigned lists[] = {options->kernels.count, options->inputs.count,  options->appends.count,
                        options->share_count,   options->initrds.count, options->caps.count,
                        options->reserves.count};
    bool one = options->kernels.count == 1 ||
               (options->sets & (OPTIONS_VERIFY | OPTIONS_DEBUG | OPTIONS_BISECT |
                                 OPTIONS_COMPARE | OPTIONS_IMAGE | OPTIONS_NEST));
    unsigned most = one ? 1 : 2;

    if (options->vms)
        return;
    for (unsigned i = 0; i < sizeof lists / sizeof lists[0]; i++)
        most = lists[i] > most ? lists[i] : most;
    for (unsigned i = 0; i < RATES; i++)
        most = options->rates[i].count > most ? options->rates[i].count : most;
    options->vms = options->kernels.count > 1 ? options->kernels.count : most;
}

/* Commands on a file that another command has written need to be told which. */
static enum pz_err check_file(const struct options *options, struct problem *problem)
{
    if (!(options->sets & OPTIONS_FILE) || options->kernels.count)
        return PZ_OK;
    if (options->sets & OPTIONS_RECEIVE)
        return problem_set(problem, PZ_USAGE, "name a socket to wait at: unix:PATH");
    return problem_set(problem, PZ_USAGE, "name a file written by pz run %s",
                       options->sets & OPTIONS_TRACE   ? "--trace FILE.bin"
                       : options->sets & OPTIONS_SAVED ? "--save"
                                                       : "--record");
}

/* ---- Files ---- */

struct named_file {
    const char *option, *path;
};

/* Devices may be written to by several; what does not exist yet is known by its name alone. */
bool options_same_file(const char *a, const char *b)
{
    struct stat one, other;

    if (!stat(a, &one) && !stat(b, &other))
        return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
    return !strcmp(a, b);
}

/* To open a file for writing empties it. */
static enum pz_err check_apart(const struct named_file *out, const struct words *read,
                               struct problem *problem)
{
    for (unsigned i = 0; i < read->count; i++)
        if (options_same_file(out->path, read->at[i]))
            return problem_set(
                problem, PZ_USAGE,
                "%s: %.200s is read as well, and would be lost: name another file", out->option,
                out->path);
    return PZ_OK;
}

static enum pz_err check_output(const struct options *options, const struct named_file *out,
                                struct problem *problem)
{
    const struct words *const lists[] = {&options->kernels, &options->inputs, &options->scripts,
                                         &options->symbols, &options->initrds};
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < sizeof lists / sizeof lists[0]; i++)
        err = check_apart(out, lists[i], problem);
    return err;
}

static enum pz_err check_outputs(const struct options *options, struct problem *problem)
{
    const struct named_file outs[] = {
        {"--trace", options->trace},     {"--record", options->record},
        {"--profile", options->profile}, {"--to-json", options->to_json},
        {"--elf", options->elf},         {"--svg", options->svg},
        {"-o", options->output},         {"--save", options->save}};
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < sizeof outs / sizeof outs[0]; i++) {
        if (outs[i].path)
            err = check_output(options, &outs[i], problem);
        for (unsigned k = 0; !err && outs[i].path && k < i; k++)
            if (outs[k].path && options_same_file(outs[i].path, outs[k].path))
                err = problem_set(problem, PZ_USAGE,
                                  "%s and %s: both would write %.200s: name two files",
                                  outs[k].option, outs[i].option, outs[i].path);
    }
    return err;
}

/* ---- Options that need, or exclude, others ---- */

static bool is_attached(const struct options *options)
{
    for (unsigned i = 0; i < options->inputs.count; i++)
        if (!strcmp(options->inputs.at[i], INPUT_CONSOLE))
            return true;
    return false;
}

#define FAULT_WITHOUT "--record, --save, --gdb, --profile, --threads and --share"

/* A fault is in none of what these keep. */
static bool fault_breaks(const struct options *options)
{
    return options->fault_at && (options->record || options->save || options->gdb ||
                                 options->profile || options->threads > 1 || options->share);
}

struct pair {
    bool wrong;
    const char *text;
};

static enum pz_err refuse_first(const struct pair *pairs, size_t count, struct problem *problem)
{
    for (size_t i = 0; i < count; i++)
        if (pairs[i].wrong)
            return problem_set(problem, PZ_USAGE, "%s", pairs[i].text);
    return PZ_OK;
}

/* What several threads cannot do. */
static enum pz_err check_threads(const struct options *options, struct problem *problem)
{
    const struct pair pairs[] = {
        {options->record || options->gdb || options->trace || options->save ||
             options->profile || options->perf_map,
         "--threads cannot be combined with --record, --gdb, --trace, --save, --profile and "
         "--perf-map, which are about one CPU"},
        {options->name || options->control,
         "--threads cannot be combined with --name and --control: a request is served between two "
         "turns, and there is no such moment for several threads"},
        {options->share || options->machine_memory,
         "--threads cannot be combined with --share and --machine-memory, which apply "
         "to one machine"},
        {options->nets.count,
         "--threads excludes --net: arrival times would depend on the host's threads"},
    };

    return options->threads > 1 ? refuse_first(pairs, sizeof pairs / sizeof pairs[0], problem)
                                : PZ_OK;
}

static enum pz_err check_pairs(const struct options *options, struct problem *problem)
{
    bool divides =
        options->sched || options->charge || options->caps.count || options->reserves.count;
    bool profiles = options->profile_unit != PROFILE_INSNS ||
                    options->profile_interval != OPTIONS_PROFILE_DEFAULT;
    const struct pair pairs[] = {
        {profiles && !options->profile,
         "--profile-unit and --profile-every apply to a profile: give --profile FILE too"},
        {options->symbols.count && !options->profile && !options->perf_map,
         "--symbols applies to names in a profile: give --profile or --perf-map too"},
        {(options->save_at || options->save_exit) && !options->save,
         "--save-at and --save-exit apply to a snapshot: give --save FILE too"},
        {options->since && !options->save && (options->sets & OPTIONS_LIVE),
         "--since applies to a snapshot: give --save FILE too"},
        {options->machine_memory && options->record,
         "--machine-memory cannot be combined with --record"},
        {options->name && options->control,
         "--name and --control: each says where the run listens: give one of them"},
        {options->gdb && (options->name || options->control),
         "--gdb cannot be combined with --name and --control"},
        {options->sched_seed && options->sched != SCHED_LOTTERY,
         "--sched-seed applies to the lottery: give --sched lottery too"},
        {options->exit_price && options->charge != SCHED_CHARGE_EXITS,
         "--exit-price sets the cost of exits: give --charge exits too"},
        {divides && (options->record || options->gdb),
         "--sched, --charge, --cap and --reserve go without --record and --gdb"},
        {is_attached(options) && !options->name && !options->control,
         "--input @console: no one can attach to a run without a name: give --name too"},
        {options->prometheus && options->json, "--prometheus and --json: give one of them"},
        {fault_breaks(options), "--fault cannot be combined with " FAULT_WITHOUT},
        {options->save_exit && !options->save_at,
         "--save-exit says what happens at an instruction: give --save-at N too"},
        {options->save && (options->profile || options->gdb),
         "--save cannot be combined with --profile and --gdb"},
        {options->gdb && (options->profile || options->perf_map),
         "--gdb cannot be combined with --profile and --perf-map: gdb can go back and "
         "change things"},
        {options->dtb && !strcmp(options->dtb, OPTIONS_DUMP) &&
             !(options->sets & (OPTIONS_RUN | OPTIONS_BARE)),
         "--dtb dump: pz run and pz bare do that"},
        {options->jobs && !options->students, "--jobs applies to a class: give --all DIR too"},
        {options->json && options->markdown, "--json and --markdown: give one of them"},
        {options->from > options->to, "--from is after --to: no event is between them"},
    };

    return refuse_first(pairs, sizeof pairs / sizeof pairs[0], problem);
}

/* ---- How the machine is divided ---- */

uint32_t options_percent(const struct percents *percents, unsigned k)
{
    if (!percents->count)
        return 0;
    return percents->at[k < percents->count ? k : percents->count - 1];
}

static enum pz_err check_division(const struct options *options, struct problem *problem)
{
    uint32_t reserved = 0;

    for (unsigned k = 0; k < options->vms; k++) {
        uint32_t cap = options_percent(&options->caps, k);
        uint32_t reserve = options_percent(&options->reserves, k);

        if (cap && reserve > cap)
            return problem_set(problem, PZ_USAGE,
                               "--reserve: VM %u is to get %u %% at the least, and by --cap "
                               "%u %% at the most",
                               k, reserve, cap);
        reserved += reserve;
    }
    if (reserved <= 100)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "--reserve: %u %% in all; the machine has no more than 100 %%",
                       reserved);
}

/* ---- All ---- */

static enum pz_err check(struct options *options, struct problem *problem)
{
    enum pz_err err = check_kernels(options, problem);

    if (!err)
        err = check_file(options, problem);
    if (!err)
        err = check_pairs(options, problem);
    if (!err)
        err = check_threads(options, problem);
    if (!err)
        err = check_outputs(options, problem);
    if (options->sets & OPTIONS_BARE)
        options->vms = 1;
    if (options_name_results(options))
        return err;
    if (options->sets & (OPTIONS_MONITOR | OPTIONS_COMPARE | OPTIONS_IMAGE | OPTIONS_NEST))
        choose_vms(options);
    if (!err)
        err = check_ram(options, problem);
    if (!err)
        err = nets_check(options, problem);
    if (!err)
        err = check_division(options, problem);
    return err ? err : check_lists(options, problem);
}

enum pz_err options_read(struct options *options, options_sets sets, int argc, char **argv,
                         struct problem *problem)
{
    enum pz_err err = options_parse(options, sets, argc, argv, problem);

    if (err || options->help || options->list_variants)
        return err;
    return check(options, problem);
}
