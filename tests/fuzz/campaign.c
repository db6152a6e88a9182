/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * campaign.c - random programs on every engine against `spec`, for as long as one likes: new ones
 * each time. What differs is cut down to the shortest program that shows it and written to a
 * file; mend the engine, and keep the file in tests/fuzz/corpus/programs/, where it is run for
 * ever. Programs and comparing are tests/support's.
 *
 *   campaign [-t seconds] [-s seed] [-d folder for what is found]
 *   campaign FILE...     run these again; ends with 1 if one differs, or there is none
 */
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/compare.h"
#include "tests/support/program_text.h"
#include "tests/support/random.h"

enum { MOST_ENGINES = 16, AT_A_TIME = 100, FOUND_MOST = 10 };

struct campaign {
    const struct engine_maker *makers[MOST_ENGINES];
    struct comparison comparisons[MOST_ENGINES];
    unsigned engines, found;
    uint64_t seed, programs;
    const char *folder;
};

static void open_engines(struct campaign *campaign)
{
    for (unsigned i = 1; i < engine_maker_count; i++)
        campaign->makers[campaign->engines++] = &engine_makers[i];
    for (const struct engine_maker *odd = engine_odd_makers; odd->name; odd++)
        campaign->makers[campaign->engines++] = odd;
    for (unsigned i = 0; i < campaign->engines; i++)
        comparison_open(&campaign->comparisons[i], &engine_makers[0], campaign->makers[i]);
}

static void close_engines(struct campaign *campaign)
{
    for (unsigned i = 0; i < campaign->engines; i++)
        comparison_close(&campaign->comparisons[i]);
}

/* ---- New ones ---- */

static void keep(struct campaign *campaign, const struct program *program, const char *why)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/program_%" PRIu64 ".txt", campaign->folder, program->seed);
    file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(3);
    }
    program_write(program, file);
    fprintf(file, "# %s\n", why);
    if (fclose(file)) {
        perror(path);
        exit(3);
    }
    printf("kept: %s\n", path);
}

static void found(struct campaign *campaign, struct comparison *comparison,
                  struct program *program)
{
    printf("%s\n", comparison->difference);
    if (!comparison_shrink(comparison, program))
        printf("(not so on new engines: what ran before matters)\n");
    program_print(program, stdout);
    keep(campaign, program, comparison->difference);
    if (++campaign->found == FOUND_MOST) {
        printf("enough: %u found\n", campaign->found);
        exit(1);
    }
}

static void run_some(struct campaign *campaign, struct comparison *comparison)
{
    struct program program;

    for (unsigned i = 0; i < AT_A_TIME; i++) {
        program_make(&program, campaign->seed++, comparison->sides[1].engine->ops);
        campaign->programs++;
        if (!comparison_run(comparison, &program))
            found(campaign, comparison, &program);
    }
    if (!comparison_same_ram(comparison)) {
        printf("RAM differs after seed %" PRIu64 "\n", campaign->seed);
        exit(1);
    }
}

static uint64_t retired(const struct campaign *campaign)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < campaign->engines; i++)
        sum += campaign->comparisons[i].retired;
    return sum;
}

static void report(const struct campaign *campaign, FILE *to)
{
    fprintf(to, "%" PRIu64 " programs, %" PRIu64 " instructions, %u differ\n",
            campaign->programs, retired(campaign), campaign->found);
}

static int run_for(struct campaign *campaign, time_t seconds)
{
    time_t end = time(NULL) + seconds, told = time(NULL);

    printf("seeds from %" PRIu64 " on\n", campaign->seed);
    for (unsigned i = 0; time(NULL) < end; i = (i + 1) % campaign->engines) {
        run_some(campaign, &campaign->comparisons[i]);
        if (isatty(STDERR_FILENO) && time(NULL) >= told + 2) {
            told = time(NULL);
            report(campaign, stderr);
        }
    }
    report(campaign, stdout);
    return campaign->found || !campaign->programs ? 1 : 0;
}

/* ---- Kept ones ---- */

/* May this engine be given the program at all? Its CPU must trap what has to trap. */
static bool fits(const struct program *program, const struct engine *engine)
{
    for (unsigned i = 0; i < program->count; i++)
        if (engine_leaves_untrapped(engine, program->items[i].raw))
            return false;
    return true;
}

static bool run_again(struct campaign *campaign, struct program *program)
{
    bool same = true;

    for (unsigned i = 0; i < campaign->engines; i++) {
        struct comparison *comparison = &campaign->comparisons[i];

        program->untrapped = comparison->sides[1].engine->ops;
        if (!fits(program, comparison->sides[1].engine) || comparison_run(comparison, program))
            continue;
        printf("  %s\n", comparison->difference);
        same = false;
    }
    return same;
}

static int run_files(struct campaign *campaign, int count, char **paths)
{
    struct program program;
    unsigned line, bad = 0;

    for (int i = 0; i < count; i++) {
        FILE *file = fopen(paths[i], "r");

        printf("%s\n", paths[i]);
        if (!file || !program_read(&program, file, &line)) {
            fprintf(stderr, "%s: %s\n", paths[i], file ? "not a program" : "cannot be read");
            exit(2);
        }
        fclose(file);
        bad += !run_again(campaign, &program);
    }
    printf("%d programs, %u differ\n", count, bad);
    return bad ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct campaign campaign = {.folder = ".", .seed = (uint64_t)time(NULL) << 20};
    time_t seconds = 60;
    int option, status;

    while ((option = getopt(argc, argv, "t:s:d:")) != -1) {
        switch (option) {
        case 't': seconds = strtol(optarg, NULL, 0); break;
        case 's': campaign.seed = strtoull(optarg, NULL, 0); break;
        case 'd': campaign.folder = optarg; break;
        default: return 2;
        }
    }
    open_engines(&campaign);
    status = optind < argc ? run_files(&campaign, argc - optind, argv + optind)
                           : run_for(&campaign, seconds);
    close_engines(&campaign);
    return status;
}
