/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bare.c - `pz bare`: runs a guest on the board without a monitor. */
#include "vmm/board/bare.h"

#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/run/fault.h"
#include "tools/run/perfmap.h"
#include "tools/run/run.h"
#include "tools/show/show.h"

#define STEP 1000000u /* instructions between looks at the keyboard */

struct bare_run {
    const struct options *options;
    struct machine_bare machine;
    struct session session;
    struct perfmap perfmap;
    struct fault fault;
};

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* How far one step goes. */
static uint64_t next_look(const struct bare_run *run)
{
    uint64_t retired = bare_retired(&run->machine.bare);
    uint64_t cut = fault_cut(&run->fault, retired);

    return smaller(run->options->max_insns, retired + (cut ? smaller(cut, STEP) : STEP));
}

/*
 * To the next trap, at the most: a paced machine that waits for its timer must not run away
 * through many of its seconds in one step.
 */
static enum session_step step(void *owner, uint64_t horizon)
{
    struct bare_run *run = owner;
    struct bare *bare = &run->machine.bare;
    uint64_t most = run->options->max_insns;

    if (hart_time(&bare->hart) > horizon)
        return SESSION_WAITING;
    if (horizon == VMM_NO_HORIZON)
        bare_run(bare, next_look(run));
    else
        bare_run_to_trap(bare, next_look(run));
    fault_try(&run->fault, bare_retired(bare), peek_bare(bare), &bare->phys);
    return bare->board.power == BOARD_ON && bare_retired(bare) < most ? SESSION_RAN
                                                                      : SESSION_DONE;
}

static uint64_t wake(void *owner)
{
    struct bare_run *run = owner;

    return hart_time(&run->machine.bare.hart);
}

static const struct session_ops ops = {.step = step, .wake = wake};

static enum pz_err print_document(const struct bare_run *run, struct problem *problem)
{
    const struct bare *bare = &run->machine.bare;
    const struct console_text *console = &run->session.consoles.texts[0];
    enum board_power power = (enum board_power)bare->board.power;
    json_t *document = json_document("pz-bare/1");
    char variants[VARIANTS_TEXT];

    json_put_text(document, "engine", run->machine.engine.kind->name);
    json_put_text(document, "variants", variants_text(run->options->variants, variants));
    json_put_text(document, "kernel", run->machine.image.path);
    json_put(document, "ok", json_boolean(power == BOARD_OFF));
    json_put_text(document, "end", power == BOARD_ON ? "limit" : outcome_power(power));
    json_put_text(document, "end_text", board_power_text(power));
    early_json(document, &run->session, 0, power == BOARD_OFF);
    json_put_number(document, "retired", bare_retired(bare));
    json_put_number(document, "time", hart_time(&bare->hart));
    json_put_number(document, "restarts", bare->board.restarts);
    json_put_number(document, "traps", bare->board.traps);
    json_put_number(document, "host_ns", session_elapsed(&run->session));
    json_put(document, "console", json_bytes(console->bytes, console->len));
    json_put_number(document, "console_bytes", console->len);
    fault_put(&run->fault, document);
    return json_print(document, problem);
}

static void tell(const struct bare_run *run)
{
    early_report(stderr, &run->session, 0, "bare",
                 run->machine.bare.board.power == BOARD_OFF || run->session.quit);
    report_bare(stderr, &run->machine, session_elapsed(&run->session));
    fault_tell(&run->fault);
}

static enum pz_err finish(const struct bare_run *run, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (run->options->json)
        err = print_document(run, problem);
    else
        tell(run);
    if (!err)
        err = fault_check(&run->fault, problem);
    if (!err && !run->session.quit && run->machine.bare.board.power != BOARD_OFF)
        err = PZ_FAILED;
    return err;
}

static uint64_t slept(void *owner, unsigned vm)
{
    struct bare_run *run = owner;

    (void)vm;
    return hart_time(&run->machine.bare.hart) - bare_retired(&run->machine.bare);
}

static enum pz_err run_all(struct bare_run *run, struct problem *problem)
{
    const struct options *options = run->options;
    const struct engines_kind *kind;
    struct board_host host;
    enum pz_err err = engines_choose(options->engine, true, &kind, problem);

    if (!err)
        err = session_open(&run->session, options, 1, problem);
    if (err)
        return err;
    host = session_board(&run->session, 0);
    nets_watch(run->session.nets, &(struct nets_watch){.slept = slept, .owner = run});
    err = nets_listen(run->session.nets, problem);
    if (!err)
        err = machine_bare_open(&run->machine, options, kind, 0, &host, problem);
    if (!err)
        err = perfmap_open(&run->perfmap, options, &run->machine.engine, problem);
    if (!err)
        err = perfmap_bare(&run->perfmap, &run->machine, problem);
    if (!err)
        err = session_run(&run->session, &ops, run, problem);
    return err ? err : finish(run, problem);
}

enum pz_err command_bare(const struct options *options, struct problem *problem)
{
    struct bare_run *run;
    struct problem second;
    enum pz_err err;

    if (machine_dumps_tree(options))
        return machine_dump_tree(options, problem);
    run = calloc(1, sizeof *run);
    if (!run)
        return problem_memory(problem, "the machine");
    run->options = options;
    err = fault_open(&run->fault, options, problem);
    if (!err)
        err = run_all(run, problem);
    if (machine_bare_finish(&run->machine, &second) && err <= PZ_FAILED) {
        *problem = second;
        err = PZ_HOST;
    }
    if (perfmap_close(&run->perfmap, &second) && err <= PZ_FAILED) {
        *problem = second;
        err = PZ_HOST;
    }
    machine_bare_close(&run->machine);
    session_close(&run->session);
    fault_close(&run->fault);
    free(run);
    return err;
}
