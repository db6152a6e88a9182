/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads.c - one machine for each thread. What VMs print is kept, each one's apart; the reports of
 * a run are about one machine, so at the end there is one made of all.
 */
#include "tools/run/threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

struct worker {
    struct machine machine;
    struct options options; /* those of the run, and which VMs are this machine's */
    struct meters meters;   /* theirs */
    bool metered;
    unsigned first; /* VM of the run */
    pthread_t thread;
    bool started;
};

static void turn_over(struct worker *worker, const struct vm *vm)
{
    unsigned k = machine_index(&worker->machine, vm);

    if (worker->metered)
        meters_turn(&worker->meters, k);
    if (!vm_alive(vm))
        machine_release(&worker->machine, k);
}

static void *work(void *owner)
{
    struct worker *worker = owner;
    struct vm *ran;

    while (!terminal_signal() && vmm_run(&worker->machine.vmm, &ran) == VMM_RAN)
        turn_over(worker, ran);
    return NULL;
}

/* ---- Opening ---- */

static enum pz_err open_worker(struct worker *worker, const struct engines_kind *kind,
                               const struct threads_hosts *hosts, struct problem *problem)
{
    unsigned count = worker->options.part;
    struct board_host *boards = calloc(count, sizeof *boards);
    const struct machine_hosts own = {.vmm = hosts->vmm, .boards = boards};
    enum pz_err err;

    if (!boards)
        return problem_memory(problem, "the consoles");
    for (unsigned k = 0; k < count; k++)
        boards[k] = session_board(hosts->session, worker->first + k);
    err = machine_open(&worker->machine, &worker->options, kind, &own, problem);
    free(boards);
    worker->metered = hosts->meters != NULL;
    if (!err && worker->metered) {
        worker->meters.of = hosts->meters->of + worker->first;
        meters_start(&worker->meters, &worker->machine, hosts->session);
    }
    return err;
}

static enum pz_err make_whole(struct machine *whole, unsigned vms, struct problem *problem)
{
    void *bytes = mmap(NULL, vms * sizeof *whole->vms, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (bytes != MAP_FAILED)
        whole->vms = bytes;
    whole->images = calloc(vms, sizeof *whole->images);
    whole->image_of = calloc(vms, sizeof *whole->image_of);
    whole->left = calloc(vms, sizeof *whole->left);
    whole->devices = calloc(vms, sizeof *whole->devices);
    if (whole->vms && whole->images && whole->image_of && whole->left && whole->devices)
        return PZ_OK;
    return problem_memory(problem, "the VMs");
}

/* VMs next to each other share a thread. */
enum pz_err threads_open(struct threads *threads, const struct options *options,
                         const struct engines_kind *kind, const struct threads_hosts *hosts,
                         struct problem *problem)
{
    unsigned vms = (unsigned)options->vms;
    unsigned count = options->threads < vms ? (unsigned)options->threads : vms;
    enum pz_err err = make_whole(&threads->whole, vms, problem);

    threads->workers = calloc(count, sizeof *threads->workers);
    if (!err && !threads->workers)
        err = problem_memory(problem, "the threads");
    for (unsigned i = 0; !err && i < count; i++) {
        struct worker *worker = &threads->workers[i];

        threads->count = i + 1;
        worker->first = i * vms / count;
        worker->options = *options;
        worker->options.part_first = worker->first;
        worker->options.part = (i + 1) * vms / count - worker->first;
        err = open_worker(worker, kind, hosts, problem);
    }
    return err;
}

static void *close_machine(void *owner)
{
    struct worker *worker = owner;

    machine_close(&worker->machine);
    return NULL;
}

/* Each on a thread again: to give memory back takes the host a while. */
static void close_machines(struct threads *threads)
{
    for (unsigned i = 0; i < threads->count; i++) {
        struct worker *worker = &threads->workers[i];

        worker->started = !pthread_create(&worker->thread, NULL, close_machine, worker);
        if (!worker->started)
            machine_close(&worker->machine);
    }
    for (unsigned i = 0; i < threads->count; i++)
        if (threads->workers[i].started)
            (void)pthread_join(threads->workers[i].thread, NULL);
}

void threads_close(struct threads *threads)
{
    struct machine *whole = &threads->whole;

    close_machines(threads);
    free(threads->workers);
    if (whole->vms)
        munmap(whole->vms, whole->count * sizeof *whole->vms);
    free(whole->images);
    free(whole->image_of);
    free(whole->left);
    free(whole->devices);
    *threads = (struct threads){.count = 0};
}

/* ---- The whole ---- */

/* Copies, to be read: of the VMs' memory there is nothing but the number of pages. */
static void add_vm(struct machine *whole, const struct worker *worker, unsigned k)
{
    const struct machine *machine = &worker->machine;
    unsigned to = worker->first + k;
    struct vm *vm = &whole->vms[to];

    *vm = machine->vms[k];
    vm->cpu = &vm->vcpus[vm_cpu_id(&machine->vms[k], machine->vms[k].cpu)];
    whole->devices[to] = machine->devices[k];
    for (unsigned kind = 0; kind <= PAGE_KINDS; kind++)
        whole->left[to][kind] = machine_pages(machine, k, (enum page_kind)kind);
    whole->images[to] = *machine_image(machine, k);
    whole->image_of[to] = to;
}

static void gather(struct threads *threads)
{
    struct machine *whole = &threads->whole;

    whole->engine = threads->workers[0].machine.engine;
    whole->vmm.slice = threads->workers[0].machine.vmm.slice;
    whole->vmm.variants = threads->workers[0].machine.vmm.variants;
    for (unsigned i = 0; i < threads->count; i++) {
        const struct worker *worker = &threads->workers[i];

        for (unsigned k = 0; k < worker->machine.count; k++)
            add_vm(whole, worker, k);
        whole->count += worker->machine.count;
        whole->vmm.switches += worker->machine.vmm.switches;
    }
}

enum pz_err threads_run(struct threads *threads, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; i < threads->count; i++) {
        struct worker *worker = &threads->workers[i];
        int failed = pthread_create(&worker->thread, NULL, work, worker);

        worker->started = !failed;
        if (failed)
            err = problem_set(problem, PZ_HOST, "a thread cannot be made: %s: lower --threads",
                              strerror(failed));
    }
    for (unsigned i = 0; i < threads->count; i++)
        if (threads->workers[i].started)
            (void)pthread_join(threads->workers[i].thread, NULL);
    for (unsigned i = 0; i < threads->count; i++)
        if (machine_finish(&threads->workers[i].machine, problem))
            err = PZ_HOST;
    gather(threads);
    return err;
}
