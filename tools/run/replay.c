/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - `pz replay`: replays a recording, shows its consoles, and compares everything
 * recorded: state hashes on the way, the guests' output, and where they stopped.
 */
#include <inttypes.h>
#include <stdlib.h>

#define XXH_STATIC_LINKING_ONLY /* the state of a hash, by value */
#include <xxhash.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/run/run.h"
#include "tools/sandbox/sandbox.h"
#include "tools/travel/travel.h"

#define SHOW_EVERY 10000000u /* instructions between two looks at the consoles */

/* What one VM prints this time. */
struct printed {
    XXH3_state_t hash;
    uint64_t bytes;
};

struct replay {
    const struct options *options;
    struct recording recording;
    struct recording_part part;
    struct timeline *timeline;
    struct consoles consoles;
    struct printed *printed;
};

static void console_out(void *owner, unsigned vm, const uint8_t *bytes, uint32_t len)
{
    struct replay *replay = owner;

    (void)XXH3_64bits_update(&replay->printed[vm].hash, bytes, len);
    replay->printed[vm].bytes += len;
    consoles_put(&replay->consoles, vm, bytes, len);
}

static enum pz_err open_consoles(struct replay *replay, struct problem *problem)
{
    unsigned count = replay->recording.count;
    struct consoles_style style = {.keep = replay->options->json, .prefix = count > 1};

    /* Not calloc(): the hash wants its alignment. */
    replay->printed = aligned_alloc(64, (count * sizeof *replay->printed + 63) & ~(size_t)63);
    if (!replay->printed)
        return problem_memory(problem, "the consoles");
    for (unsigned vm = 0; vm < count; vm++) {
        (void)XXH3_64bits_reset(&replay->printed[vm].hash);
        replay->printed[vm].bytes = 0;
    }
    return consoles_open(&replay->consoles, stdout, count, style, problem);
}

static enum pz_err open_timeline(struct replay *replay, struct problem *problem)
{
    struct timeline_config config = {
        .options = &replay->recording.options,
        .recording = &replay->recording,
        .hosts = {.console_out = console_out, .owner = replay},
        .interval = UINT64_MAX,
    };

    if (replay->options->engine)
        replay->recording.options.engine = replay->options->engine;
    return timeline_open(&replay->timeline, &config, problem);
}

/* ---- Comparing ---- */

/* A recording without an end frame has nothing to compare: its run was cut off. */
static bool is_open(const struct replay *replay)
{
    return replay->recording.turns == UINT64_MAX;
}

static enum pz_err other_bytes(struct problem *problem, unsigned vm, uint64_t bytes,
                               uint64_t hash, uint64_t recorded)
{
    return problem_set(problem, PZ_FAILED,
                       "not the same run: VM %u printed %" PRIu64
                       " bytes as in the recording, but other ones: their hash is %016" PRIx64
                       ", in the recording %016" PRIx64,
                       vm, bytes, hash, recorded);
}

static enum pz_err compare_consoles(struct replay *replay, struct problem *problem)
{
    for (unsigned k = 0; k < replay->recording.count; k++) {
        const struct recording_vm *vm = &replay->recording.vms[k];
        struct printed *printed = &replay->printed[k];
        uint64_t hash = XXH3_64bits_digest(&printed->hash);

        if (printed->bytes != vm->console_bytes)
            return problem_set(problem, PZ_FAILED,
                               "not the same run: VM %u printed %" PRIu64
                               " bytes, in the recording %" PRIu64,
                               k, printed->bytes, vm->console_bytes);
        if (hash != vm->console_hash)
            return other_bytes(problem, k, printed->bytes, hash, vm->console_hash);
    }
    return PZ_OK;
}

static enum pz_err run(struct replay *replay, struct problem *problem)
{
    enum timeline_result result = TIMELINE_REACHED;

    while (result == TIMELINE_REACHED && !consoles_failed(&replay->consoles)) {
        struct timeline_position to = timeline_now(replay->timeline);

        to.retired += SHOW_EVERY;
        result = timeline_run(replay->timeline, to, NULL);
        consoles_flush(&replay->consoles);
    }
    consoles_finish(&replay->consoles);
    if (result == TIMELINE_DIVERGED)
        return problem_set(problem, PZ_FAILED, "not the same run: %s",
                           timeline_problem(replay->timeline));
    return is_open(replay) ? PZ_OK : compare_consoles(replay, problem);
}

/* ---- Telling ---- */

static enum pz_err print_document(struct replay *replay, enum pz_err err,
                                  struct problem *problem)
{
    json_t *document = json_document("pz-replay/1");
    struct timeline_position now = timeline_now(replay->timeline);
    char hash[17];

    snprintf(hash, sizeof hash, "%016" PRIx64, timeline_hash(replay->timeline));
    json_put(document, "same", json_boolean(!err));
    json_put_text(document, "difference", err ? problem->text : "");
    json_put_text(document, "engine", timeline_machine(replay->timeline)->engine.kind->name);
    json_put_number(document, "vms", replay->recording.count);
    json_put_number(document, "retired", now.retired);
    json_put_number(document, "events", now.events);
    json_put_number(document, "inputs", replay->recording.lists[RECORDING_INPUTS].count);
    json_put_number(document, "checks", replay->recording.lists[RECORDING_CHECKS].count);
    json_put_text(document, "hash", hash);
    return json_print(document, problem);
}

static void print_summary(struct replay *replay)
{
    size_t typed = replay->recording.lists[RECORDING_INPUTS].count;
    size_t compared = replay->recording.lists[RECORDING_CHECKS].count;
    char retired[TEXT_NUMBER];

    if (is_open(replay)) {
        fprintf(stderr,
                "a run of %s instructions; the recording has no end that it could be "
                "compared with\n",
                text_grouped(timeline_now(replay->timeline).retired, retired));
        return;
    }
    fprintf(stderr,
            "the same run again: %s instructions, %zu byte%s typed, %zu state%s compared\n",
            text_grouped(timeline_now(replay->timeline).retired, retired), typed,
            typed == 1 ? "" : "s", compared, compared == 1 ? "" : "s");
}

static enum pz_err tell(struct replay *replay, enum pz_err err, struct problem *problem)
{
    struct problem second;

    if (!replay->options->json) {
        if (!err)
            print_summary(replay);
        return err;
    }
    second = *problem;
    if (print_document(replay, err, &second))
        *problem = second;
    return err;
}

static enum pz_err replay_all(struct replay *replay, struct problem *problem)
{
    enum pz_err err =
        recording_open(&replay->recording, replay->options->kernels.at[0], problem);

    if (!err)
        err = recording_part_open(&replay->part, &replay->recording, problem);
    if (!err)
        err = open_consoles(replay, problem);
    if (!err)
        err = open_timeline(replay, problem);
    return err ? err : tell(replay, run(replay, problem), problem);
}

static enum pz_err replay_plainly(const struct options *options, struct problem *problem)
{
    struct replay *replay = calloc(1, sizeof *replay);
    enum pz_err err;

    if (!replay)
        return problem_memory(problem, "the recording");
    replay->options = options;
    err = replay_all(replay, problem);
    timeline_close(replay->timeline);
    consoles_close(&replay->consoles);
    recording_part_close(&replay->part);
    recording_close(&replay->recording);
    free(replay->printed);
    free(replay);
    return err;
}

enum pz_err command_replay(const struct options *options, struct problem *problem)
{
    if (!options->gdb)
        return replay_plainly(options, problem);
    if (options->json)
        return problem_set(
            problem, PZ_USAGE,
            "--gdb cannot be combined with --json: pz replay --json compares the whole run");
    return debug_recording(options, problem);
}
