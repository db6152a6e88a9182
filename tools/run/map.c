/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map.c - `pz map`: boots guests until each waits for somebody to type, or has run long
 * enough, and shows map.c's picture, or writes that of map_svg.c.
 */
#include <stdlib.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/run/run.h"
#include "tools/show/show.h"

#define INSNS_DEFAULT 3000000u
#define POLLS_SETTLED 50u /* looks for input in vain, after which a guest counts as waiting */

struct mapping_port {
    unsigned polls;
    uint32_t user_satp; /* of the program that called the kernel last */
};

struct mapping {
    struct machine machine;
    struct mapping_port *ports;
    struct board_host *boards;
    uint32_t *user_satps;
    uint64_t most;
    FILE *svg; /* NULL: none is drawn */
};

static int console_in(void *owner)
{
    struct mapping_port *port = owner;

    port->polls++;
    return -1;
}

static void observe(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct mapping_port *port = owner;

    if (trap->cause == CAUSE_ECALL_USER)
        port->user_satp = hart->satp;
}

static bool settled(const struct mapping *mapping, unsigned k)
{
    const struct vm *vm = &mapping->machine.vms[k];

    return !vm_alive(vm) || mapping->ports[k].polls >= POLLS_SETTLED ||
           vm_retired(vm) >= mapping->most;
}

/* Those that are settled are paused, so that the picture is of one moment for each. */
static void boot(struct mapping *mapping)
{
    unsigned left = mapping->machine.count;

    while (left && !terminal_signal()) {
        struct vm *ran;
        unsigned k;

        if (vmm_run(&mapping->machine.vmm, &ran) != VMM_RAN)
            return;
        k = machine_index(&mapping->machine, ran);
        if (settled(mapping, k)) {
            ran->paused = true;
            left--;
        }
    }
}

static enum pz_err open_machine(struct mapping *mapping, const struct options *options,
                                struct problem *problem)
{
    struct options limited = *options;
    struct machine_hosts hosts = {0};
    const struct engines_kind *kind;
    enum pz_err err = engines_choose(options->engine, false, &kind, problem);

    if (err)
        return err;
    mapping->most = options->max_insns == UINT64_MAX ? INSNS_DEFAULT : options->max_insns;
    limited.max_insns = mapping->most;
    mapping->ports = calloc(options->vms, sizeof *mapping->ports);
    mapping->boards = calloc(options->vms, sizeof *mapping->boards);
    mapping->user_satps = calloc(options->vms, sizeof *mapping->user_satps);
    if (!mapping->ports || !mapping->boards || !mapping->user_satps)
        return problem_memory(problem, "the VMs");
    for (unsigned k = 0; k < options->vms; k++)
        mapping->boards[k] = (struct board_host){
            .console_in = console_in, .observe = observe, .owner = &mapping->ports[k]};
    hosts.boards = mapping->boards;
    hosts.keep = DISK_KEEP_MEMORY;
    return machine_open(&mapping->machine, &limited, kind, &hosts, problem);
}

static json_t *row_document(const struct map_row *row)
{
    char hex[2 * MAP_BYTES + 1];
    json_t *object;

    if (!row->mapped)
        return json_null();
    object = json_object();
    for (unsigned i = 0; i < MAP_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", row->bytes[i]);
    json_put_number(object, "gva", row->gva.v);
    json_put_number(object, "gpa", row->gpa.v);
    json_put_number(object, "mpa", row->mpa.v);
    json_put_text(object, "first_bytes", hex);
    return object;
}

static json_t *vm_document(struct mapping *mapping, unsigned k)
{
    struct machine *machine = &mapping->machine;
    const struct vm *vm = &machine->vms[k];
    json_t *object = json_object();
    struct map_vm map;

    map_look(&map, machine, k, mapping->user_satps[k]);
    json_put_number(object, "vm", k);
    json_put_text(object, "kernel", machine_image(machine, k)->path);
    json_put_number(object, "ram_base", vm->config.ram_base);
    json_put_number(object, "ram_size", vm->config.ram_size);
    json_put_number(object, "retired", vm_retired(vm));
    json_put(object, "program_page0", row_document(&map.rows[MAP_PROGRAM]));
    json_put(object, "kernel_page0", row_document(&map.rows[MAP_KERNEL]));
    return object;
}

static enum pz_err print_document(struct mapping *mapping, struct problem *problem)
{
    json_t *document = json_document("pz-map/1"), *vms = json_array();

    json_put_text(document, "engine", mapping->machine.engine.kind->name);
    json_put(document, "same_bytes", json_boolean(map_same_bytes(&mapping->machine)));
    for (unsigned k = 0; k < mapping->machine.count; k++)
        json_array_append_new(vms, vm_document(mapping, k));
    json_put(document, "vms", vms);
    outcome_moving(document, &mapping->machine.vmm);
    return json_print(document, problem);
}

static enum pz_err show(struct mapping *mapping, const struct options *options,
                        struct problem *problem)
{
    terminal_catch_signals();
    boot(mapping);
    for (unsigned k = 0; k < mapping->machine.count; k++)
        mapping->user_satps[k] = mapping->ports[k].user_satp;
    if (mapping->svg)
        map_svg(mapping->svg, &mapping->machine, mapping->user_satps);
    if (options->json)
        return print_document(mapping, problem);
    if (mapping->svg)
        return PZ_OK;
    map_draw(stdout, &mapping->machine, mapping->user_satps, terminal_width(STDOUT_FILENO));
    return PZ_OK;
}

enum pz_err command_map(const struct options *options, struct problem *problem)
{
    struct mapping *mapping = calloc(1, sizeof *mapping);
    enum pz_err err = PZ_OK, closed;
    struct problem second;

    if (!mapping)
        return problem_memory(problem, "the machine");
    if (options->svg)
        err = outfile_open(&mapping->svg, "--svg", options->svg, problem);
    if (!err)
        err = open_machine(mapping, options, problem);
    if (!err)
        err = show(mapping, options, problem);
    closed = outfile_close(mapping->svg, 0, "--svg", options->svg, err ? &second : problem);
    err = err ? err : closed;
    machine_close(&mapping->machine);
    free(mapping->ports);
    free(mapping->boards);
    free(mapping->user_satps);
    free(mapping);
    return err;
}
