/* SPDX-License-Identifier: GPL-2.0-or-later */
/* saver.c - a turn that is cut at an instruction count comes out as if it had not been. */
#include "tools/run/saver.h"

#include <inttypes.h>

static struct vm *first(const struct saver *saver)
{
    return &saver->machine->vms[0];
}

enum pz_err saver_open(struct saver *saver, const struct options *options,
                       struct machine *machine, struct session *session,
                       struct recorder *recorder, struct problem *problem)
{
    *saver = (struct saver){
        .options = options, .machine = machine, .session = session, .recorder = recorder};
    if (!options->save)
        return PZ_OK;
    /* Only the snapshot holds what the run has done: better not to begin. */
    if (outfile_check_folder("--save", options->save, problem))
        return PZ_HOST;
    if (!options->save_at || vm_retired(first(saver)) < options->save_at)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "--save-at %" PRIu64 ": VM 0 has retired %" PRIu64
                       " instructions already: name a later one",
                       options->save_at, vm_retired(first(saver)));
}

static void save(struct saver *saver)
{
    saver->done = true;
    saver->retired = vm_retired(first(saver));
    saver->err =
        snapshot_save(saver->options->save, saver->options, saver->machine, saver->session,
                      saver->recorder, &saver->figures, &saver->problem);
    if (saver->options->save_exit)
        saver->leaving = saver->session->quit = true;
}

/* Does VM 0 come to the place in the turn that begins, or goes on? */
static bool is_due(struct saver *saver)
{
    const struct options *options = saver->options;
    struct vmm *vmm = &saver->machine->vmm;

    return options->save && options->save_at && !saver->done && vmm_next(vmm) == first(saver) &&
           vmm->turn.end >= options->save_at;
}

/* A recording is of whole turns: the one that comes to the place is run to its end. */
static enum vmm_status run_turn(struct saver *saver, struct vm **ran)
{
    enum vmm_status status = vmm_run(&saver->machine->vmm, ran);
    const struct vm *vm = first(saver);

    saver->due = vm_alive(vm) && vm_retired(vm) >= saver->options->save_at;
    return status;
}

static enum vmm_status run_to_place(struct saver *saver, struct vm **ran)
{
    uint64_t at = saver->options->save_at;
    struct vmm *vmm = &saver->machine->vmm;
    struct vm *vm = first(saver);

    while (vmm->turn.vm == vm && vm_retired(vm) < at)
        (void)vmm_stay(vmm, at - vm_retired(vm));
    if (vm_alive(vm) && vm_retired(vm) >= at) {
        saver->due = !vmm->turn.vm;
        if (!saver->due)
            save(saver);
    }
    *ran = vmm->turn.vm ? NULL : vm;
    return VMM_RAN;
}

enum vmm_status saver_run(struct saver *saver, struct profile *profile, struct vm **ran)
{
    if (saver->due) {
        saver->due = false;
        save(saver);
        *ran = NULL;
        return VMM_RAN;
    }
    if (!is_due(saver))
        return profile_run(profile, ran);
    return saver->options->record ? run_turn(saver, ran) : run_to_place(saver, ran);
}

static bool any_alive(const struct machine *machine)
{
    for (unsigned k = 0; k < machine->count; k++)
        if (vm_alive(&machine->vms[k]))
            return true;
    return false;
}

static void tell(const struct saver *saver)
{
    const struct snapshot_figures *figures = &saver->figures;
    char retired[TEXT_NUMBER], bytes[TEXT_NUMBER], took[TEXT_NUMBER];

    if (!saver->options->json)
        fprintf(stderr,
                "saved to %s: VM 0 at instruction %s; %" PRIu64 " pages, %" PRIu64
                " stored, %s bytes, %s\n",
                saver->options->save, text_grouped(saver->retired, retired), figures->pages,
                figures->stored, text_grouped(figures->bytes, bytes),
                text_duration(figures->took_ns, took));
}

static enum pz_err not_reached(const struct saver *saver, struct problem *problem)
{
    return problem_set(problem, PZ_FAILED,
                       "--save-at %" PRIu64 ": nothing was saved: VM 0 stopped at instruction "
                       "%" PRIu64 " (%s)",
                       saver->options->save_at, vm_retired(first(saver)),
                       vm_end_text((enum vm_end)first(saver)->end));
}

static enum pz_err result(const struct saver *saver, struct problem *problem)
{
    if (saver->err)
        *problem = saver->problem;
    else
        tell(saver);
    return saver->err;
}

enum pz_err saver_close(struct saver *saver, struct problem *problem)
{
    const struct options *options = saver->options;

    if (!options || !options->save)
        return PZ_OK;
    if (!saver->done && options->save_at && !saver->due)
        return not_reached(saver, problem);
    if (!saver->done && !any_alive(saver->machine))
        return problem_set(problem, PZ_FAILED,
                           "--save: nothing was saved: no VM is left (--save-at N saves one "
                           "while it runs)");
    if (!saver->done) {
        saver->leaving = true;
        save(saver);
    }
    return result(saver, problem);
}

bool saver_holds(const struct saver *saver)
{
    return saver->leaving && saver->err == PZ_HOST;
}

enum pz_err saver_again(struct saver *saver, struct problem *problem)
{
    save(saver);
    return result(saver, problem);
}
