/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c - `pz run`: runs guests under the monitor, with their consoles and statistics. */
#include "tools/run/run.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/control/control.h"
#include "tools/gdb/gdb.h"
#include "tools/host/host.h"
#include "tools/migrate/migrate.h"
#include "tools/run/fault.h"
#include "tools/run/live.h"
#include "tools/run/perfmap.h"
#include "tools/run/profile_report.h"
#include "tools/run/saver.h"
#include "tools/run/threads.h"
#include "tools/show/show.h"
#include "tools/travel/travel.h"
#include "vmm/sched.h"

struct run {
    const struct options *options;
    struct machine machine;
    struct session session;
    struct tracefile trace;
    struct recorder recorder;
    struct profile profile;
    struct perfmap perfmap;
    struct saver saver;
    struct fault fault;
    struct control control;
    struct meters meters;
    struct bill bill;
    struct live_start from;
    struct snapshot_figures restored;
    struct source source;
    struct board_host *boards;
};

/* To count pages takes time. */
static bool is_metered(const struct options *options)
{
    return options->name || options->control || options->price;
}

/* A recording is checked against the state of all VMs, those that have ended too. */
static void turn_over(struct run *run, const struct vm *vm)
{
    unsigned k = machine_index(&run->machine, vm);

    recorder_turn(&run->recorder);
    if (is_metered(run->options))
        meters_turn(&run->meters, k);
    if (vm_alive(vm))
        return;
    keys_ended(&run->session, k, vm_end_text((enum vm_end)vm->end));
    if (!run->options->record)
        machine_release(&run->machine, k);
}

static bool any_alive(const struct run *run)
{
    for (unsigned k = 0; k < run->machine.count; k++)
        if (vm_alive(&run->machine.vms[k]))
            return true;
    return false;
}

/* Machines that come and go. False: the run is over. */
static bool move(struct run *run)
{
    if (run->from.target)
        target_look(run->from.target);
    source_look(&run->source);
    if (run->source.state == SOURCE_MOVED)
        run->session.quit = true;
    return !run->session.quit && (!source_holds(&run->source) || any_alive(run));
}

/* A turn; or a part of one, if VM 0 is to be looked at within it. */
static enum vmm_status run_turn(struct run *run, struct vm **ran)
{
    struct vm *vm = &run->machine.vms[0];
    uint64_t cut = fault_cut(&run->fault, vm_retired(vm));
    enum vmm_status status;

    if (!cut || !vm_alive(vm))
        return saver_run(&run->saver, &run->profile, ran);
    status = vmm_step(&run->machine.vmm, cut, ran);
    fault_try(&run->fault, vm_retired(vm), peek_vm(vm), &vm->phys);
    if (status == VMM_RAN && run->machine.vmm.turn.vm)
        *ran = NULL; /* its turn goes on */
    return status;
}

static enum session_step step(void *owner, uint64_t horizon)
{
    struct run *run = owner;
    struct problem unheard;
    enum vmm_status status;
    struct vm *ran;

    control_look(&run->control);
    if (run->session.quit || !move(run))
        return SESSION_DONE;
    if (source_holds(&run->source))
        return SESSION_WAITING;
    if (!run->machine.vmm.turn.vm) /* it counts for a turn as a whole */
        run->machine.vmm.horizon = horizon;
    status = run_turn(run, &ran);
    if (run->from.snapshot && snapshot_failed(run->from.snapshot, &unheard)) {
        run->session.quit = true;
        return SESSION_DONE;
    }
    switch (status) {
    case VMM_RAN:
        if (ran)
            turn_over(run, ran);
        return SESSION_RAN;
    case VMM_WAITING: return SESSION_WAITING;
    case VMM_DONE: break;
    }
    return SESSION_DONE;
}

static uint64_t wake(void *owner)
{
    struct run *run = owner;

    return vmm_wake_time(&run->machine.vmm);
}

static bool toggle_pause(void *owner, unsigned vm)
{
    struct run *run = owner;

    run->machine.vms[vm].paused = !run->machine.vms[vm].paused;
    recorder_pause(&run->recorder, vm);
    return run->machine.vms[vm].paused;
}

static void show_stats(void *owner, FILE *out)
{
    struct run *run = owner;

    report_stats(out, &run->machine, terminal_width(STDOUT_FILENO));
}

static void show_map(void *owner, FILE *out)
{
    struct run *run = owner;

    map_draw(out, &run->machine, NULL, terminal_width(STDOUT_FILENO));
}

static bool attend(void *owner, int ms)
{
    struct run *run = owner;

    if (run->source.state != SOURCE_AT_HOME) {
        source_wait(&run->source, ms);
        return true;
    }
    if (control_wait(&run->control, ms))
        return true;
    if (!sched_held(&run->machine.vmm))
        return false;
    (void)poll(NULL, 0, 1); /* caps are in host time, which passes */
    return true;
}

static void was_paused(void *owner, unsigned vm)
{
    struct run *run = owner;

    recorder_pause(&run->recorder, vm);
}

static void was_killed(void *owner, unsigned vm)
{
    struct run *run = owner;

    turn_over(run, &run->machine.vms[vm]);
}

static const struct session_ops ops = {.step = step,
                                       .wake = wake,
                                       .attend = attend,
                                       .pause = toggle_pause,
                                       .stats = show_stats,
                                       .map = show_map};

static json_t *cpus_document(const struct vm *vm)
{
    json_t *list = json_array();

    for (unsigned id = 0; id < vm->board.harts.count; id++) {
        json_t *cpu = json_object();

        json_put_number(cpu, "cpu", id);
        json_put_number(cpu, "retired", vm->vcpus[id].hart.retired);
        json_put_text(cpu, "state", harts_text(&vm->board.harts, id));
        json_array_append_new(list, cpu);
    }
    return list;
}

static json_t *vm_document(const struct run *run, unsigned k)
{
    const struct vm *vm = &run->machine.vms[k];
    const struct console_text *console = &run->session.consoles.texts[k];
    json_t *object = json_object(), *memory = json_object();

    json_put_number(object, "vm", k);
    json_put_text(object, "kernel", machine_image(&run->machine, k)->path);
    json_put_text(object, "end", outcome_end((enum vm_end)vm->end));
    json_put_text(object, "end_text", vm_end_text((enum vm_end)vm->end));
    early_json(object, &run->session, k, vm->end == VM_OFF);
    json_put_number(object, "retired", vm_retired(vm));
    json_put_number(object, "time", hart_time(&vm->cpu->hart));
    json_put(object, "cpus", cpus_document(vm));
    json_put_number(object, "cpu_changes", vm->board.harts.turns);
    json_put_number(object, "restarts", vm->board.restarts);
    json_put_number(object, "direct_ppm", vm_direct_ppm(vm));
    json_put(object, "console", json_bytes(console->bytes, console->len));
    json_put_number(object, "console_bytes", console->len);
    json_put_number(memory, "guest_pages", machine_pages(&run->machine, k, PAGE_GUEST));
    json_put_number(memory, "shared_pages", machine_pages(&run->machine, k, PAGE_SHARED));
    json_put_number(memory, "shadow_roots", machine_pages(&run->machine, k, PAGE_SHADOW_ROOT));
    json_put_number(memory, "shadow_leaves", machine_pages(&run->machine, k, PAGE_SHADOW_LEAF));
    json_put_number(memory, "shadow_links", machine_pages(&run->machine, k, PAGE_SHADOW_LINK));
    json_put_number(memory, "all_pages", machine_pages(&run->machine, k, PAGE_KINDS));
    json_put(object, "memory", memory);
    json_put(object, "exits", outcome_counters(&vm->counters));
    return object;
}

static json_t *bills_document(const struct run *run)
{
    json_t *bills = json_array();

    for (unsigned k = 0; k < run->machine.count; k++)
        json_array_append_new(bills, bill_json(&run->bill, &run->meters, k));
    return bills;
}

/* How long it took from the opening of the file to the first instruction. */
static void tell_restored(const struct run *run)
{
    char took[TEXT_NUMBER], bytes[TEXT_NUMBER];

    fprintf(stderr, "%s %s: %" PRIu64 " pages%s, %s bytes, %s\n",
            run->options->clones ? "cloned from" : "restored from", run->from.snapshot->path,
            run->restored.pages, run->options->clones ? " shared" : "",
            text_grouped(run->restored.bytes, bytes),
            text_duration(run->restored.took_ns, took));
}

static json_t *restored_document(const struct run *run)
{
    const struct snapshot_figures *figures = &run->restored;

    return json_pack("{s:s,s:I,s:I,s:I,s:I}", "file", run->from.snapshot->path, "pages",
                     (json_int_t)figures->pages, "bytes", (json_int_t)figures->bytes, "host_ns",
                     (json_int_t)figures->took_ns, "cpu_ns", (json_int_t)figures->work_ns);
}

static enum pz_err print_document(const struct run *run, struct problem *problem)
{
    json_t *document = json_document("pz-run/1"), *vms = json_array();
    struct trace_counters total;
    char variants[VARIANTS_TEXT];

    json_put_text(document, "engine", run->machine.engine.kind->name);
    json_put_text(document, "shadow", options_shadow_name(run->options->shadow));
    json_put_text(document, "monitor", monitor_desc(run->machine.vms[0].config.monitor)->name);
    json_put_text(document, "variants", variants_text(run->options->variants, variants));
    json_put_number(document, "slice", run->machine.vmm.slice);
    json_put_number(document, "host_ns", session_elapsed(&run->session));
    json_put_number(document, "world_switches", run->machine.vmm.switches);
    outcome_moving(document, &run->machine.vmm);
    json_put(document, "ok", json_boolean(report_all_well(&run->machine)));
    for (unsigned k = 0; k < run->machine.count; k++)
        json_array_append_new(vms, vm_document(run, k));
    if (run->bill.has)
        json_put(document, "bills", bills_document(run));
    json_put(document, "vms", vms);
    report_total(&run->machine, &total);
    json_put(document, "exits", outcome_counters(&total));
    fault_put(&run->fault, document);
    if (run->from.snapshot)
        json_put(document, "restored", restored_document(run));
    if (run->options->profile)
        json_put(document, "profile", profile_document(&run->profile));
    return json_print(document, problem);
}

static void tell_moved(const struct run *run)
{
    char number[TEXT_NUMBER];

    for (unsigned k = 0; k < run->machine.count; k++)
        fprintf(stderr, "vm%u has moved to %s, at instruction %s\n", k, run->source.path,
                text_grouped(vm_retired(&run->machine.vms[k]), number));
}

static void tell_early(const struct run *run, unsigned k)
{
    char name[16];

    snprintf(name, sizeof name, "vm%u", k);
    early_report(stderr, &run->session, k, name,
                 run->machine.vms[k].end == VM_OFF || run->session.quit);
}

/* The summary goes where it does not mix with the guests' output. */
static enum pz_err finish(const struct run *run, struct problem *problem)
{
    if (run->options->json)
        return print_document(run, problem);
    if (run->source.state == SOURCE_MOVED)
        tell_moved(run);
    for (unsigned k = 0; k < run->machine.count; k++)
        tell_early(run, k);
    if (run->from.snapshot)
        tell_restored(run);
    report_summary(stderr, &run->machine, session_elapsed(&run->session));
    fault_tell(&run->fault);
    if (run->options->stats)
        report_stats(stderr, &run->machine, terminal_width(STDERR_FILENO));
    bill_print(stderr, &run->bill, &run->meters);
    if (run->options->profile)
        profile_summary(stderr, &run->profile, terminal_width(STDERR_FILENO));
    return PZ_OK;
}

static uint64_t slept(void *owner, unsigned vm)
{
    struct run *run = owner;
    const struct vm *slept_by = &run->machine.vms[vm];

    return hart_time(&slept_by->cpu->hart) - vm_retired(slept_by);
}

static bool alive(void *owner, unsigned vm)
{
    const struct run *run = owner;

    return vm_alive(&run->machine.vms[vm]);
}

/* From a snapshot or another process, and towards a snapshot. */
static enum pz_err start_saved(struct run *run, struct problem *problem)
{
    struct snapshot_file *snapshot = run->from.snapshot;
    enum pz_err err = PZ_OK;

    if (snapshot && run->options->clones)
        err = snapshot_clone(snapshot, run->options, &run->machine, &run->session,
                             &run->restored, problem);
    else if (snapshot)
        err = snapshot_restore(snapshot, &run->machine, &run->session,
                               run->options->inputs.count, &run->restored, problem);
    if (!err && snapshot)
        err = snapshot_record(snapshot, &run->recorder, &run->machine, problem);
    if (run->from.target)
        err = target_receive(run->from.target, &run->machine, &run->session, &run->recorder,
                             run->options->inputs.count, problem);
    else if (!snapshot)
        recorder_start(&run->recorder, run->options, &run->machine);
    return err ? err
               : saver_open(&run->saver, run->options, &run->machine, &run->session,
                            &run->recorder, problem);
}

/* It costs as much as a short exit. */
static bool needs_clock(const struct options *options)
{
    return options->stats || options->json || options->profile || is_metered(options);
}

static enum pz_err open_all(struct run *run, struct problem *problem)
{
    const struct options *options = run->options;
    const struct engines_kind *kind;
    struct machine_hosts hosts = {0};
    enum pz_err err = engines_choose(options->engine, false, &kind, problem);

    if (!err)
        err = session_open(&run->session, options, (unsigned)options->vms, problem);
    if (!err && !run->from.target) /* there, when the source has let go of its ports */
        err = nets_listen(run->session.nets, problem);
    if (!err)
        err = tracefile_open(&run->trace, options->trace, &run->machine, problem);
    if (!err)
        err = recorder_open(&run->recorder, options->record, (unsigned)options->vms, problem);
    if (!err)
        err = profile_open(&run->profile, options, &run->machine, problem);
    if (!err)
        err = control_open(&run->control, options, problem);
    if (!err)
        err = meters_open(&run->meters, (unsigned)options->vms, problem);
    if (!err)
        err = bill_read(&run->bill, options->price, problem);
    if (!err)
        err = fault_open(&run->fault, options, problem);
    run->boards = calloc(options->vms, sizeof *run->boards);
    if (!err && !run->boards)
        err = problem_memory(problem, "the consoles");
    if (err)
        return err;
    for (unsigned k = 0; k < options->vms; k++)
        run->boards[k] = recorder_board(&run->recorder, k, session_board(&run->session, k));
    hosts.boards = run->boards;
    hosts.arrives = run->from.target != NULL;
    nets_watch(run->session.nets, &(struct nets_watch){slept, alive, run});
    if (needs_clock(options) || run->session.interactive)
        hosts.vmm.clock = machine_clock;
    hosts.vmm.turns = machine_clock;
    hosts.vmm.kept = tracefile_kept(&run->trace);
    hosts.unloaded = run->from.snapshot != NULL;
    hosts.keep = options->clones ? DISK_KEEP_MEMORY : DISK_KEEP_FILE;
    err = machine_open(&run->machine, options, kind, &hosts, problem);
    if (!err)
        err = start_saved(run, problem);
    if (!err)
        err = profile_start(&run->profile, problem);
    if (!err)
        err = perfmap_open(&run->perfmap, options, &run->machine.engine, problem);
    if (!err)
        err = perfmap_machine(&run->perfmap, &run->machine, problem);
    if (err)
        return err;
    meters_start(&run->meters, &run->machine, &run->session);
    source_open(&run->source, options, &run->machine, &run->session, &run->recorder);
    control_start(&run->control,
                  &(struct request_host){options, &run->machine, &run->session, &run->recorder,
                                         &run->source, run->from.target, &run->meters,
                                         &run->bill, was_paused, was_killed, run});
    run->session.tap = (struct session_tap){control_printed, &run->control};
    return PZ_OK;
}

/* ---- Saved when it is left ---- */

#define HOLD_LOOK_MS 100
#define HOLD_LOOKS 10u /* between two attempts */

/* What others can do for a machine that waits for room. False: it need not wait any more. */
static bool hold_some(struct run *run, int signal)
{
    for (unsigned i = 0; i < HOLD_LOOKS; i++) {
        control_look(&run->control);
        if (run->session.quit || run->control.requests.saved || terminal_signal() != signal)
            return false;
        if (!attend(run, HOLD_LOOK_MS))
            (void)poll(NULL, 0, HOLD_LOOK_MS);
    }
    return true;
}

static void tell_held(const struct run *run, const struct problem *problem)
{
    fprintf(
        stderr,
        "pz: %s\npz: the machine is kept until it can be saved: that is tried every second. "
        "%s gives it up.\n",
        problem->text,
        run->control.fd < 0 ? "A signal"
                            : "pz save -o FILE puts it elsewhere; a signal or pz stop");
}

/* A disk that is full is no reason to lose a machine. */
static enum pz_err save_left(struct run *run, struct problem *problem)
{
    enum pz_err err = saver_close(&run->saver, problem);
    int signal = terminal_signal();

    if (!err || !saver_holds(&run->saver))
        return err;
    tell_held(run, problem);
    run->session.quit = run->control.requests.saved = false;
    while (err && hold_some(run, signal))
        err = saver_again(&run->saver, problem);
    run->session.quit = true;
    return run->control.requests.saved ? PZ_OK : err;
}

/* What guests print may have no room: their machine is saved all the same. */
static enum pz_err leave(struct run *run, enum pz_err err, struct problem *problem)
{
    struct problem second;
    enum pz_err last = PZ_OK;

    if (run->from.snapshot)
        last = snapshot_failed(run->from.snapshot, &second);
    if (!last)
        last = save_left(run, &second);
    if (!err && last)
        *problem = second;
    return err ? err : last;
}

/* The summary is printed even if a console has failed. */
static enum pz_err run_session(struct run *run, struct problem *problem)
{
    enum pz_err err = session_run(&run->session, &ops, run, problem);
    struct problem second;

    profile_stop(&run->profile);
    if (!err)
        err = profile_write(&run->profile, problem);
    err = leave(run, err, problem);
    if (err) {
        (void)!finish(run, &second);
        return err;
    }
    err = finish(run, problem);
    if (!err)
        err = fault_check(&run->fault, problem);
    if (!err && run->source.state == SOURCE_MOVED && *run->source.problem.text) {
        *problem = run->source.problem;
        return PZ_HOST;
    }
    if (!err && !run->session.quit && !report_all_well(&run->machine))
        err = PZ_FAILED; /* the summary has said why */
    return err;
}

static enum pz_err run_all(struct run *run, struct problem *problem)
{
    enum pz_err err = open_all(run, problem);
    struct problem second;

    if (!err)
        err = run_session(run, problem);
    if (run->from.target)
        target_finish(run->from.target);
    if (machine_finish(&run->machine, &second) && err <= PZ_FAILED) {
        *problem = second;
        err = PZ_HOST;
    }
    if (recorder_close(&run->recorder, &second) && err <= PZ_FAILED) {
        *problem = second;
        err = PZ_HOST;
    }
    if (perfmap_close(&run->perfmap, &second) && err <= PZ_FAILED) {
        *problem = second;
        err = PZ_HOST;
    }
    if (!tracefile_close(&run->trace, &second) || err > PZ_FAILED)
        return err;
    *problem = second;
    return PZ_HOST;
}

/* ---- Several threads ---- */

static enum pz_err open_threads(struct run *run, struct threads *threads,
                                struct problem *problem)
{
    const struct options *options = run->options;
    struct threads_hosts hosts = {.vmm.turns = machine_clock,
                                  .session = &run->session,
                                  .meters = options->price ? &run->meters : NULL};
    const struct engines_kind *kind;
    enum pz_err err = engines_choose(options->engine, false, &kind, problem);

    if (!err)
        err = session_open(&run->session, options, (unsigned)options->vms, problem);
    if (!err)
        err = meters_open(&run->meters, (unsigned)options->vms, problem);
    if (!err)
        err = bill_read(&run->bill, options->price, problem);
    if (needs_clock(options))
        hosts.vmm.clock = machine_clock;
    return err ? err : threads_open(threads, options, kind, &hosts, problem);
}

/* As if it had been one machine; but each VM's lines come together. */
static enum pz_err tell_threads(struct run *run, const struct threads *threads,
                                struct problem *problem)
{
    enum pz_err err;

    run->machine = threads->whole;
    meters_start(&run->meters, &run->machine, &run->session);
    if (!run->options->json)
        consoles_show_kept(&run->session.consoles);
    consoles_finish(&run->session.consoles);
    err = consoles_problem(&run->session.consoles, problem);
    if (!err)
        err = finish(run, problem);
    if (!err && !report_all_well(&run->machine))
        err = PZ_FAILED;
    run->machine = (struct machine){.count = 0};
    return err;
}

static enum pz_err run_threads(struct run *run, struct problem *problem)
{
    struct threads threads = {.count = 0};
    enum pz_err err = open_threads(run, &threads, problem);

    if (!err) {
        terminal_catch_signals();
        run->session.start = machine_clock(NULL);
        err = threads_run(&threads, problem);
    }
    if (!err)
        err = tell_threads(run, &threads, problem);
    threads_close(&threads);
    return err;
}

enum pz_err live_run(const struct options *options, const struct live_start *from,
                     struct problem *problem)
{
    struct run *run = calloc(1, sizeof *run);
    enum pz_err err;

    if (!run)
        return problem_memory(problem, "the machine");
    run->options = options;
    run->from = *from;
    run->control.fd = run->source.channel.fd = run->source.peer.pidfd = -1;
    err = options->threads > 1 ? run_threads(run, problem) : run_all(run, problem);
    profile_free(&run->profile);
    fault_close(&run->fault);
    source_close(&run->source);
    control_close(&run->control);
    meters_close(&run->meters);
    machine_close(&run->machine);
    session_close(&run->session);
    free(run->boards);
    free(run);
    return err;
}

enum pz_err command_run(const struct options *options, struct problem *problem)
{
    if (machine_dumps_tree(options))
        return machine_dump_tree(options, problem);
    if (options->gdb)
        return gdb_run(options, problem);
    return live_run(options, &(struct live_start){NULL, NULL}, problem);
}
