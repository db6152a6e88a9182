/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debugger.c - `pz bench --only debugger`: the cost of points to a run, and of searching for
 * them backwards, as ratios to `continue` without points, on the mini guest or a kernel given.
 * Times are host CPU time, the minimum over all rounds, because the host may be busy with other
 * work.
 */
#include "tools/bench/debugger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/debug/debug.h"

#define ROUNDS 3u
#define USERTESTS 8u /* times; the length of a run */
#define MANY 1000u   /* breakpoints */
#define NEAR_END 1000000u
#define LINE 128u
#define SYMBOLS 3u
#define WORDS 16u /* of the command line of the debugger that is measured */

struct bench_debugger {
    const struct options *options;
    struct debug debug;
    struct options own; /* the debugger's */
    FILE *nowhere;
    uint64_t length; /* instructions of the whole run */
};

/* A timed command, after one that sets it up; %s is the first of `symbols` that exists. */
struct row {
    const char *title;
    const char *before, *timed; /* or NULL */
    bool watches_loads;         /* instead of them, in the symbol's page */
    const char *symbols[SYMBOLS];
    bool at_end; /* of the run: it goes back */
    void (*prepare)(struct bench_debugger *bench);
};

static void say(struct bench_debugger *bench, const char *line)
{
    struct problem problem = {0};

    bench->debug.data = json_object();
    (void)!debug_execute(&bench->debug, line, &problem);
    json_decref(bench->debug.data);
}

/* Code that is never executed, all over a page. */
static void plant_many(struct bench_debugger *bench)
{
    char line[LINE];

    for (unsigned i = 0; i < MANY; i++) {
        (void)!snprintf(line, sizeof line, "break 0x%x", 0x7f000000u + 8 * i);
        say(bench, line);
    }
}

static const struct row rows[] = {
    {.title = "continue", .timed = "continue"},
    {.title = "break at the end",
     .before = "break %s",
     .timed = "continue",
     .symbols = {"machine_power_off", "sbi_shutdown"}},
    {.title = "1000 breakpoints", .timed = "continue", .prepare = plant_many},
    {.title = "break at each trap, if never",
     .before = "break %s if a7 == 12345",
     .timed = "continue",
     .symbols = {"handle_exception", "trap_entry"}},
    {.title = "break at each trap, process never",
     .before = "break %s process nobody",
     .timed = "continue",
     .symbols = {"handle_exception", "trap_entry"}},
    {.title = "watch memory",
     .before = "watch %s if satp == 1",
     .timed = "continue",
     .symbols = {"handle_exception", "boot_root"}},
    {.title = "watch memory, a busy page",
     .before = "watch sp & 0xfffff000 if satp == 1",
     .timed = "continue"},
    {.title = "watch loads, a busy page",
     .symbols = {"init_task", "phys_base", "work"},
     .watches_loads = true},
    {.title = "watch csr satp, if never",
     .before = "watch csr satp if satp == 1",
     .timed = "continue"},
    {.title = "until retired is near the end", .timed = "until retired > %" PRIu64},
    {.title = "reverse, from the end to the entry",
     .before = "break %s",
     .timed = "reverse",
     .symbols = {"start_kernel", "kernel_main"},
     .at_end = true},
    {.title = "who wrote, from the end",
     .timed = "who %s",
     .symbols = {"handle_exception", "boot_root"},
     .at_end = true},
};
#define ROWS (sizeof rows / sizeof rows[0])

/* ---- A debugger ---- */

/* The words of a command line; numbers are written out in `text`. */
struct words_made {
    const char *at[WORDS];
    int count;
    char text[USERTESTS * 12], mem[24], most[24];
};

static void add_words(struct words_made *words, const char *option, const char *value)
{
    if (!value)
        return;
    words->at[words->count++] = option;
    words->at[words->count++] = value;
}

static const char *number(char text[24], uint64_t value)
{
    (void)!snprintf(text, 24, "%" PRIu64, value);
    return value ? text : NULL;
}

static const char *only_word(const struct words *words)
{
    return words->count ? words->at[0] : NULL;
}

static void add_kernel(struct words_made *words, const struct options *options)
{
    add_words(words, "--mem", number(words->mem, options->mem));
    add_words(words, "--machine", options->virt ? "virt" : NULL);
    if (options->max_insns != UINT64_MAX)
        add_words(words, "--max-insns", number(words->most, options->max_insns));
    add_words(words, "--initrd", only_word(&options->initrds));
    add_words(words, "--append", only_word(&options->appends));
    words->at[words->count++] = options->kernels.at[0];
}

static void add_mini(struct words_made *words)
{
    strcpy(words->text, "usertests");
    for (unsigned i = 1; i < USERTESTS; i++)
        strcat(words->text, "; usertests");
    add_words(words, "--mem", "64M");
    add_words(words, "--append", words->text);
}

static enum pz_err open_debugger(struct bench_debugger *bench, struct problem *problem)
{
    const struct options *options = bench->options;
    struct words_made words = {.at = {"debug"}, .count = 1};
    enum pz_err err;

    add_words(&words, "--engine", options->engines);
    if (options->kernels.count)
        add_kernel(&words, options);
    else
        add_mini(&words);
    err = options_read(&bench->own, OPTIONS_DEBUG, words.count, (char **)(uintptr_t)words.at,
                       problem);
    if (!err)
        err = debug_open(&bench->debug, &bench->own, false, problem);
    bench->debug.out = bench->debug.consoles.out = bench->nowhere;
    return err;
}

static void close_debugger(struct bench_debugger *bench)
{
    debug_close(&bench->debug);
    options_free(&bench->own);
    memset(&bench->debug, 0, sizeof bench->debug);
}

/* ---- Measuring ---- */

/* False: the row needs one, and there is none. */
static bool find_symbol(const struct bench_debugger *bench, const struct row *row,
                        struct symbol *found)
{
    const struct symbols *symbols = debug_symbols(&bench->debug);
    const struct symbol *symbol = NULL;

    for (unsigned i = 0; !symbol && i < SYMBOLS && row->symbols[i]; i++)
        symbol = symbols_named(symbols, row->symbols[i], strlen(row->symbols[i]));
    *found = symbol ? *symbol : (struct symbol){0};
    return symbol || !row->symbols[0];
}

/* What `format` has of "%": a symbol, or a count. */
static void fill_in(const struct bench_debugger *bench, char line[LINE], const char *format,
                    const char *symbol)
{
    if (!format)
        line[0] = 0;
    else if (strstr(format, "%s"))
        (void)!snprintf(line, LINE, format, symbol);
    else
        (void)!snprintf(line, LINE, format,
                        bench->length > NEAR_END ? bench->length - NEAR_END : 0);
}

static bool never(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    (void)debug, (void)goal, (void)vm;
    return false;
}

/* To the end, with loads of the first word of a page watched, as by gdb's rwatch. */
static void watch_loads(struct bench_debugger *bench, uint32_t address)
{
    struct vmm_watch watch = {.at = address & ~PAGE_MASK, .len = 4, .loads = true};
    struct debug_goal goal = {
        .insn = never, .steady = true, .points = true, .watches = &watch, .watch_count = 1};

    debug_run(&bench->debug, &goal);
}

/* Nanoseconds of the host's CPU; 0: there is no such symbol. */
static enum pz_err measure(struct bench_debugger *bench, const struct row *row, uint64_t *ns,
                           struct problem *problem)
{
    enum pz_err err = open_debugger(bench, problem);
    struct symbol symbol;
    char line[LINE];

    *ns = 0;
    if (!err && find_symbol(bench, row, &symbol)) {
        say(bench, "goto 100000"); /* page tables stand */
        if (row->at_end)
            say(bench, "continue");
        fill_in(bench, line, row->before, symbol.name);
        say(bench, line);
        if (row->prepare)
            row->prepare(bench);
        fill_in(bench, line, row->timed, symbol.name);
        *ns = machine_work();
        if (row->watches_loads)
            watch_loads(bench, symbol.address);
        else
            say(bench, line);
        *ns = machine_work() - *ns;
        if (!bench->length)
            bench->length = debug_vm(&bench->debug)->cpu->hart.retired;
    }
    close_debugger(bench);
    return err;
}

/* ---- Telling ---- */

static void tell(const struct bench_debugger *bench, const uint64_t best[ROWS])
{
    printf("the debugger: host CPU time of a command, the least of %u runs of %.1f million "
           "instructions\n",
           bench->options->runs ? (unsigned)bench->options->runs : ROUNDS,
           (double)bench->length / 1e6);
    for (unsigned i = 0; i < ROWS; i++)
        if (best[i])
            printf("  %-36s %9.1f ms   %6.2f\n", rows[i].title, (double)best[i] / 1e6,
                   (double)best[i] / (double)best[0]);
}

static enum pz_err tell_json(const struct bench_debugger *bench, const uint64_t best[ROWS],
                             struct problem *problem)
{
    json_t *object = json_document("pz-bench-debugger/1"), *list = json_array();

    json_put_number(object, "instructions", bench->length);
    for (unsigned i = 0; i < ROWS; i++) {
        json_t *row = json_object();

        json_put_text(row, "command", rows[i].title);
        json_put_number(row, "ns", best[i]);
        json_put(row, "ratio", json_real((double)best[i] / (double)best[0]));
        if (best[i])
            (void)json_array_append(list, row);
        json_decref(row);
    }
    json_put(object, "debugger", list);
    return json_print(object, problem);
}

enum pz_err bench_debugger(const struct options *options, struct problem *problem)
{
    static struct bench_debugger bench;
    unsigned rounds = options->runs ? (unsigned)options->runs : ROUNDS;
    uint64_t best[ROWS] = {0}, ns;
    enum pz_err err = PZ_OK;

    bench = (struct bench_debugger){.options = options, .nowhere = fopen("/dev/null", "w")};
    if (!bench.nowhere)
        return problem_set(problem, PZ_HOST, "/dev/null cannot be opened");
    for (unsigned round = 0; round < rounds && !err; round++)
        for (unsigned i = 0; i < ROWS && !err; i++) {
            err = measure(&bench, &rows[i], &ns, problem);
            if (ns && (!best[i] || ns < best[i]))
                best[i] = ns;
        }
    fclose(bench.nowhere);
    if (err || !best[0])
        return err;
    if (options->json)
        return tell_json(&bench, best, problem);
    tell(&bench, best);
    return PZ_OK;
}
