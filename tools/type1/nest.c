/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nest.c - `pz nest`: a kernel in a VM, in a VM of type 1 in a VM, and so on. Each level's monitor
 * is the same program, and knows nothing of being inside another; what it counted it prints itself
 * when its VM has ended, the innermost first.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "tools/show/show.h"
#include "tools/type1/pack.h"
#include "tools/type1/type1.h"

#define DEPTH_DEFAULT 2u
#define LEVELS (OPTIONS_DEPTH_MOST + 1)
#define OWN_MEMORY (12u << 20) /* a monitor's, beyond its VM's: shadow tables above all */
#define TYPE1_RAM 0x80000000u
#define TYPE1_SAYS "type1: "

/* One depth: `depth` monitors of type 1 between the outermost and the guest. */
struct nested {
    unsigned depth;
    struct console_text printed; /* by all levels */
    char *guest;                 /* of it, what the guest printed */
    uint64_t retired, ns;
    uint64_t exits[LEVELS]; /* of each level's monitor: 0 is the outermost */
    enum vm_end end;
    bool no_memory;
};

/* A machine's options, and what they refer to. */
struct level {
    struct options options;
    const char *kernel, *append, *initrd;
    char path[32];
    int fd;
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

static enum pz_err keep_archive(struct level *level, const struct file *archive,
                                struct problem *problem)
{
    level->fd = memfd_create("archive", MFD_CLOEXEC);
    if (level->fd < 0 ||
        write(level->fd, archive->bytes, archive->len) != (ssize_t)archive->len)
        return problem_set(problem, PZ_HOST, "no memory for the archive");
    snprintf(level->path, sizeof level->path, "/proc/self/fd/%d", level->fd);
    level->initrd = level->path;
    return PZ_OK;
}

/* Half of its memory is before its initial RAM disk: so much is twice what it needs. */
static void surround(struct level *outer, const struct level *inner, const char *type1)
{
    outer->options = inner->options;
    outer->kernel = type1;
    outer->append = inner->options.no_accel ? "stats accel=off" : "stats";
    outer->options.mem = 2 * (inner->options.mem + OWN_MEMORY);
    outer->options.ram_base = TYPE1_RAM;
    outer->options.virt = true;
    outer->options.kernels = (struct words){&outer->kernel, 1};
    outer->options.appends = (struct words){&outer->append, 1};
    outer->options.initrds = (struct words){&outer->initrd, 1};
}

static enum pz_err build(struct level levels[LEVELS], unsigned depth, const char *type1,
                         struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 1; !err && i <= depth; i++) {
        struct file archive;

        surround(&levels[i], &levels[i - 1], type1);
        err = pack_vms(&levels[i - 1].options, &archive, problem);
        if (!err)
            err = keep_archive(&levels[i], &archive, problem);
        file_free(&archive);
    }
    return err;
}

/* ---- What came of it ---- */

/* "type1: vm0 ...: shut down, exits 123, ...": the innermost monitor's comes first. */
static void read_exits(struct nested *nested, const char *line, unsigned *level)
{
    const char *exits = strstr(line, ", exits ");

    if (exits && *level)
        nested->exits[(*level)--] = strtoull(exits + strlen(", exits "), NULL, 10);
}

/* What the guest printed, and not the monitors. */
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
            read_exits(nested, at, &level);
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
        progress_show("depth %u: %" PRIu64 " million instructions...", nested->depth,
                      vm_retired(&machine->vms[0]) / 1000000);
    nested->ns = machine_work() - start;
    nested->retired = vm_retired(&machine->vms[0]);
    nested->exits[0] = machine->vms[0].counters.exits;
    nested->end = (enum vm_end)machine->vms[0].end;
    return terminal_signal() ? PZ_FAILED : PZ_OK;
}

static enum pz_err run_depth(struct nested *nested, const struct options *options,
                             const struct engines_kind *kind, const char *type1,
                             struct problem *problem)
{
    struct level levels[LEVELS] = {{.options = *options}};
    struct machine *machine = calloc(1, sizeof *machine);
    enum pz_err err;

    if (!machine)
        return problem_memory(problem, "the machine");
    for (unsigned i = 0; i < LEVELS; i++)
        levels[i].fd = -1;
    err = build(levels, nested->depth, type1, problem);
    if (!err)
        err = run_machine(nested, machine, &levels[nested->depth].options, kind, problem);
    machine_close(machine);
    free(machine);
    for (unsigned i = 0; i < LEVELS; i++)
        if (levels[i].fd >= 0)
            close(levels[i].fd);
    if (!err && (nested->no_memory || !separate(nested)))
        err = problem_memory(problem, "what the guest prints");
    return err;
}

/* ---- Telling ---- */

static bool same(const struct nested *all, unsigned depth)
{
    return !strcmp(all[0].guest, all[depth].guest) && all[depth].end == all[0].end;
}

/* Exits of the outermost monitor for one of the innermost's. */
static double multiplied(const struct nested *nested)
{
    uint64_t innermost = nested->exits[nested->depth];

    return innermost ? (double)nested->exits[0] / (double)innermost : 0;
}

static void add_row(struct table *table, const struct nested *all, unsigned depth)
{
    const struct nested *nested = &all[depth];
    char retired[TEXT_NUMBER], exits[TEXT_NUMBER], own[TEXT_NUMBER], time[TEXT_NUMBER];

    table_add(table, "%u\t%s\t%s\t%s\t%.1f\t%s\t%.2f\t%s", depth,
              text_grouped(nested->retired, retired), text_grouped(nested->exits[0], exits),
              text_grouped(nested->exits[depth], own), multiplied(nested),
              text_duration(nested->ns, time), (double)nested->ns / (double)all[0].ns,
              same(all, depth) ? "yes" : "NO");
}

static void print_table(const struct nested *all, unsigned depth)
{
    struct table table;

    table_init(&table, "rrrrrrrl");
    table_add(&table, "depth\tinstructions\texits of level 0\tof the innermost\tratio\ttime\t"
                      "of depth 0\tsame output");
    for (unsigned i = 0; i <= depth; i++)
        add_row(&table, all, i);
    table_print(&table, stdout, 0, terminal_width(STDOUT_FILENO));
}

static json_t *depth_document(const struct nested *all, unsigned depth)
{
    const struct nested *nested = &all[depth];
    json_t *object = json_object(), *exits = json_array();

    json_put_number(object, "depth", depth);
    json_put_number(object, "retired", nested->retired);
    json_put_number(object, "cpu_ns", nested->ns);
    json_put_text(object, "end", outcome_end(nested->end));
    for (unsigned i = 0; i <= depth; i++)
        json_array_append_new(exits, json_integer((json_int_t)nested->exits[i]));
    json_put(object, "exits", exits);
    json_put(object, "same", json_boolean(same(all, depth)));
    return object;
}

static enum pz_err tell(const struct nested *all, unsigned depth, bool json,
                        struct problem *problem)
{
    json_t *document, *depths;
    bool ok = true;

    for (unsigned i = 0; i <= depth; i++)
        ok = ok && same(all, i);
    if (!json) {
        print_table(all, depth);
        return ok ? output_flush(problem) : PZ_FAILED;
    }
    document = json_document("pz-nest/1");
    depths = json_array();
    for (unsigned i = 0; i <= depth; i++)
        json_array_append_new(depths, depth_document(all, i));
    json_put(document, "ok", json_boolean(ok));
    json_put(document, "depths", depths);
    json_put_text(document, "console", all[0].guest);
    if (json_print(document, problem))
        return PZ_HOST;
    return ok ? PZ_OK : PZ_FAILED;
}

enum pz_err command_nest(const struct options *options, struct problem *problem)
{
    unsigned depth = options->depth ? (unsigned)options->depth : DEPTH_DEFAULT;
    struct nested all[LEVELS] = {{.depth = 0}};
    const struct engines_kind *kind;
    char type1[4096];
    enum pz_err err = engines_choose(options->engine, false, &kind, problem);

    if (!err)
        err = guests_find("type1.elf", type1, sizeof type1, problem);
    terminal_catch_signals();
    for (unsigned i = 0; !err && i <= depth; i++) {
        all[i].depth = i;
        err = run_depth(&all[i], options, kind, type1, problem);
    }
    progress_end();
    if (!err)
        err = tell(all, depth, options->json, problem);
    for (unsigned i = 0; i < LEVELS; i++) {
        free(all[i].printed.bytes);
        free(all[i].guest);
    }
    return err;
}
