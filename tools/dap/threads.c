/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads.c - the CPUs of all VMs as threads: their numbers and names, and selecting one for the
 * debugger's commands. What they are asked for is in stack.c, memory.c and move.c.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/dap/session.h"
#include "tools/show/show.h"

#define NAME 180

unsigned dap_thread_cpus(const struct dap *dap)
{
    return dap->debug->machine->vms[0].board.harts.count;
}

unsigned dap_thread_count(const struct dap *dap)
{
    return dap->debug->machine->count * dap_thread_cpus(dap);
}

/* A VM's only CPU always has its turn. */
void dap_thread_select(struct dap *dap, unsigned thread)
{
    unsigned cpus = dap_thread_cpus(dap);

    dap->debug->vm = thread / cpus;
    dap->debug->cpu = cpus > 1 ? thread % cpus + 1 : 0;
}

unsigned dap_thread_selected(const struct dap *dap)
{
    const struct debug *debug = dap->debug;

    return debug->vm * dap_thread_cpus(dap) + vm_cpu_id(debug_vm(debug), debug_cpu(debug));
}

enum pz_err dap_thread(struct dap *dap, const json_t *arguments, struct problem *problem)
{
    int64_t thread;

    if (!dap_number(arguments, "threadId", 1, dap_thread_count(dap), &thread, problem))
        return PZ_USAGE;
    dap_thread_select(dap, (unsigned)thread - 1);
    return PZ_OK;
}

enum pz_err dap_thread_of_frame(struct dap *dap, const json_t *arguments,
                                struct problem *problem)
{
    int64_t most = (int64_t)dap_thread_count(dap) * DAP_FRAMES_MOST, frame;

    if (!dap_number(arguments, "frameId", 1, most, &frame, problem))
        return PZ_USAGE;
    dap_thread_select(dap, (unsigned)((frame - 1) / DAP_FRAMES_MOST));
    return PZ_OK;
}

/* "vm1 mini.elf (user)"; of several CPUs "vm1 cpu0 mini.elf (user)". */
static void name_of(const struct dap *dap, unsigned thread, char name[NAME])
{
    const struct debug *debug = dap->debug;
    unsigned cpus = dap_thread_cpus(dap), index = thread / cpus, id = thread % cpus;
    const struct vm *vm = &debug->machine->vms[index];
    char cpu[16] = "";

    if (cpus > 1)
        (void)!snprintf(cpu, sizeof cpu, " cpu%u", id);
    (void)!snprintf(name, NAME, "vm%u%s %.80s (%.60s)", index, cpu,
                    lines_name(machine_image(debug->machine, index)->path),
                    vm_alive(vm) ? debug_mode(vm->vcpus[id].hart.mode)
                                 : vm_end_text((enum vm_end)vm->end));
}

enum pz_err dap_threads(struct dap *dap, const json_t *arguments, json_t *body,
                        struct problem *problem)
{
    json_t *list = json_array();
    char name[NAME];

    (void)arguments, (void)problem;
    for (unsigned thread = 0; thread < dap_thread_count(dap); thread++) {
        name_of(dap, thread, name);
        (void)json_array_append_new(list, json_pack("{s:i, s:o}", "id", (int)thread + 1, "name",
                                                    json_bytes(name, strlen(name))));
    }
    json_put(body, "threads", list);
    return PZ_OK;
}
