/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systems_measure.c - runs the systems, each time as a pz of its own: with few units of work and
 * with many, for what a unit costs; with the whole workload, for the time; and with a part that
 * dies, for what is left.
 */
#define _GNU_SOURCE /* memfd_create */
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "tools/compare/systems.h"

#define WORDS_MOST 24u
#define COMMAND 256u
/* Before the death of a part, and after it; the last only where the shell itself has lived on. */
#define PREPARE "echo kept >f"
#define TRIALS "cat readme; cat readme | wc; memtest; forktest; cat f"
#define TRIALS_ON TRIALS "; echo went on"
#define FAULT_MOST "20000000"
#define PATH 32u

/* A command line. */
struct words_of {
    char *at[WORDS_MOST];
    unsigned count;
};

static void add(struct words_of *words, const char *word)
{
    words->at[words->count++] = (char *)(uintptr_t)word; /* spawned, and never written */
    words->at[words->count] = NULL;
}

/* What all runs of a system begin with; under a monitor also a system that is run bare. */
static void begin(struct words_of *words, const struct systems *systems,
                  const struct systems_kind *kind, bool vm)
{
    words->count = 0;
    add(words, vm ? "run" : "bare");
    add(words, "--json");
    if (systems->engine) {
        add(words, "--engine");
        add(words, systems->engine);
    }
    add(words, kind->image);
}

static enum pz_err document_of(const struct words_of *words, const char *system,
                               json_t **document, struct problem *problem)
{
    if (terminal_signal())
        return PZ_FAILED;
    progress_show("%s: %s...", system, words->at[words->count - 1]);
    return itself_document((int)words->count, words->at, document, problem);
}

/* ---- What a unit costs ---- */

struct run_counts {
    uint64_t instructions, crossings, ns, pages;
};

static uint64_t number(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static struct run_counts counts_of(const json_t *document)
{
    const json_t *vm = json_array_get(json_object_get(document, "vms"), 0);

    if (!vm)
        return (struct run_counts){.instructions = number(document, "retired"),
                                   .crossings = number(document, "traps"),
                                   .ns = number(document, "host_ns")};
    return (struct run_counts){
        .instructions = number(vm, "retired"),
        .crossings = number(json_object_get(vm, "exits"), "total"),
        .ns = number(document, "host_ns"),
        .pages = number(json_object_get(vm, "memory"), "guest_pages"),
    };
}

/* A command to its end, which has to be a good one. */
static enum pz_err run(const struct systems *systems, unsigned k, const char *command, bool vm,
                       struct run_counts *counts, struct problem *problem)
{
    const struct systems_kind *kind = &systems_kinds[k];
    struct words_of words;
    json_t *document;
    enum pz_err err;

    begin(&words, systems, kind, vm);
    add(&words, "--append");
    add(&words, command);
    err = document_of(&words, kind->name, &document, problem);
    if (err)
        return err;
    if (json_is_true(json_object_get(document, "ok")))
        *counts = counts_of(document);
    else
        err = problem_set(problem, PZ_FAILED, "%s: '%s' failed in %s", kind->name, command,
                          kind->image);
    json_decref(document);
    return err;
}

static uint64_t each(uint64_t low, uint64_t high, unsigned units)
{
    return high > low ? ((high - low) * 10 + units / 2) / units : 0;
}

static enum pz_err count_work(struct systems *systems, unsigned k, unsigned w,
                              struct problem *problem)
{
    const struct systems_work *work = &systems_works[w];
    const unsigned units[2] = {work->low, work->high};
    struct run_counts counts[2];

    for (unsigned i = 0; i < 2; i++) {
        char command[COMMAND];
        enum pz_err err;

        snprintf(command, sizeof command, "%s%s %u", systems_kinds[k].before, work->program,
                 units[i]);
        err = run(systems, k, command, systems_kinds[k].vm, &counts[i], problem);
        if (err)
            return err;
    }
    systems->counts[k][w] = (struct systems_count){
        each(counts[0].instructions, counts[1].instructions, work->high - work->low),
        each(counts[0].crossings, counts[1].crossings, work->high - work->low),
    };
    return PZ_OK;
}

/* ---- Memory and time ---- */

/* Seen from a monitor, which gives a page when it is first touched. */
static enum pz_err count_pages(struct systems *systems, unsigned k, struct problem *problem)
{
    struct run_counts counts;
    char command[COMMAND];
    enum pz_err err;

    snprintf(command, sizeof command, "%snullcall 1", systems_kinds[k].before);
    err = run(systems, k, command, true, &counts, problem);
    if (!err)
        systems->pages[k] = counts.pages;
    return err;
}

/* All programs, with as much work as they do by themselves. */
static enum pz_err time_all(const struct systems *systems, unsigned k, uint64_t *ns,
                            struct problem *problem)
{
    struct run_counts counts;
    char command[COMMAND];
    size_t used = 0;
    enum pz_err err;

    for (unsigned w = 0; w < SYSTEMS_WORKS; w++)
        used += (size_t)snprintf(command + used, sizeof command - used, "%s%s%s", w ? "; " : "",
                                 systems_kinds[k].before, systems_works[w].program);
    err = run(systems, k, command, systems_kinds[k].vm, &counts, problem);
    *ns = err ? 0 : counts.ns;
    return err;
}

static enum pz_err time_round(struct systems *systems, struct problem *problem)
{
    uint64_t first = 0;

    for (unsigned k = 0; k < SYSTEMS_MOST; k++) {
        uint64_t ns;
        enum pz_err err = time_all(systems, k, &ns, problem);

        if (err)
            return err;
        if (k == 0)
            first = ns;
        samples_add(&systems->ns[k], (double)ns);
        if (first)
            samples_add(&systems->ratio[k], (double)ns / (double)first);
    }
    return PZ_OK;
}

/* ---- What is left ---- */

static const struct systems_kind *kind_of(const char *name)
{
    for (unsigned k = 0; k < SYSTEMS_MOST; k++)
        if (!strcmp(systems_kinds[k].name, name))
            return &systems_kinds[k];
    return NULL;
}

static bool printed(const json_t *document, const char *text)
{
    const json_t *vms = json_object_get(document, "vms");
    const char *console = json_string_value(json_object_get(document, "console"));

    if (!vms)
        return console && strstr(console, text);
    for (size_t k = 0; k < json_array_size(vms); k++) {
        console = json_string_value(json_object_get(json_array_get(vms, k), "console"));
        if (console && strstr(console, text))
            return true;
    }
    return false;
}

/*
 * What is tried comes behind the command that kills, and once more from the console, for systems
 * where with the part all processes are gone and a shell comes up.
 */
static enum pz_err crash(struct systems *systems, unsigned c, const char *typed,
                         struct problem *problem)
{
    const struct systems_crash *crash = &systems_crashes[c];
    const struct systems_kind *kind = kind_of(crash->system);
    struct words_of words;
    char command[COMMAND];
    json_t *document;
    enum pz_err err;

    snprintf(command, sizeof command,
             crash->command[0] == '@' ? "%s " PREPARE "; " TRIALS_ON
                                      : PREPARE "; %s; " TRIALS_ON,
             crash->command);
    begin(&words, systems, kind, kind->vm);
    add(&words, crash->aside ? "--vms" : "--input");
    add(&words, crash->aside ? "2" : typed);
    if (crash->fault) {
        add(&words, "--fault");
        add(&words, crash->fault);
        add(&words, "--max-insns"); /* some kernels trap for ever in their own way in */
        add(&words, FAULT_MOST);
    }
    add(&words, "--append");
    add(&words, command);
    if (crash->aside) {
        add(&words, "--append");
        add(&words, PREPARE "; " TRIALS_ON);
    }
    err = document_of(&words, kind->name, &document, problem);
    if (err)
        return err;
    if (printed(document, ": no such part\n"))
        err = problem_set(problem, PZ_FAILED, "%s: there is no part '%s' to kill in %s",
                          kind->name, crash->part, kind->image);
    for (unsigned t = 0; t < SYSTEMS_TRIALS; t++)
        systems->works[c][t] = printed(document, systems_trials[t].prints);
    json_decref(document);
    return err;
}

static enum pz_err crash_all(struct systems *systems, struct problem *problem)
{
    static const char text[] = TRIALS "\nexit\n";
    int fd = memfd_create("typed", 0); /* handed on to children */
    enum pz_err err = PZ_OK;
    char path[PATH];

    if (fd < 0 || write(fd, text, sizeof text - 1) != (ssize_t)(sizeof text - 1))
        err = problem_memory(problem, "what is typed");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    for (unsigned c = 0; !err && c < SYSTEMS_CRASHES; c++)
        err = crash(systems, c, path, problem);
    if (fd >= 0)
        close(fd);
    return err;
}

enum pz_err systems_measure(struct systems *systems, uint64_t rounds, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned k = 0; !err && k < SYSTEMS_MOST; k++) {
        err = count_pages(systems, k, problem);
        for (unsigned w = 0; !err && w < SYSTEMS_WORKS; w++)
            err = count_work(systems, k, w, problem);
    }
    if (!err)
        err = crash_all(systems, problem);
    for (uint64_t round = 0; !err && round < rounds; round++)
        err = time_round(systems, problem);
    for (unsigned k = 0; k < SYSTEMS_MOST; k++) {
        samples_sort(&systems->ns[k]);
        samples_sort(&systems->ratio[k]);
    }
    return err;
}
