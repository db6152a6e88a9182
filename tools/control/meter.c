/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meter.c - counters are read where they are kept; only what is a product with time is added up
 * here. Pages are counted at the ends of turns, when so much of a VM's time has gone by that the
 * count costs little: an instant of the guest's, whatever the host does.
 */
#include "tools/control/meter.h"

#include <stdlib.h>

#define METER_NS 100000000u
#define METER_TICKS (BOARD_TIMEBASE_HZ / 100)
/* Page-times are counted in microseconds: in nanoseconds, 2 GiB would pass 2^64 in ten hours. */
#define US_NS 1000u
#define US_TICKS (BOARD_TIMEBASE_HZ / 1000000)

const struct meter_row meter_rows[METER_FIGURES] = {
    [METER_INSNS] = {"instructions", "Instructions retired.", 1, false, false},
    [METER_EXITS] = {"exits", "Times that the monitor was entered.", 1, false, false},
    [METER_PAGE_VIRTUAL] = {"page_virtual_seconds",
                            "Pages, times the seconds of the VM's own time.", 1e-6, false,
                            false},
    [METER_CONSOLE_OUT] = {"console_bytes_out", "Bytes printed.", 1, false, false},
    [METER_CONSOLE_IN] = {"console_bytes_in", "Bytes typed.", 1, false, false},
    [METER_DISK_READ] = {"disk_bytes_read", "Bytes read from disks.", 1, false, false},
    [METER_DISK_WRITTEN] = {"disk_bytes_written", "Bytes written to disks.", 1, false, false},
    [METER_NET_IN] = {"net_bytes_in", "Bytes of frames received.", 1, false, false},
    [METER_NET_OUT] = {"net_bytes_out", "Bytes of frames sent.", 1, false, false},
    [METER_PAGES] = {"pages", "Machine pages in use, of 4 KiB.", 1, true, false},
    [METER_MONITOR] = {"monitor_seconds", "Host time of the monitor's work.", 1e-9, false,
                       true},
    [METER_PAGE_HOST] = {"page_seconds", "Pages, times the seconds of use.", 1e-6, false, true},
};

enum pz_err meters_open(struct meters *meters, unsigned vms, struct problem *problem)
{
    *meters = (struct meters){.of = calloc(vms, sizeof *meters->of)};
    return meters->of ? PZ_OK : problem_memory(problem, "the meters");
}

void meters_close(struct meters *meters)
{
    free(meters->of);
    *meters = (struct meters){.of = NULL};
}

static uint64_t time_of(const struct meters *meters, unsigned vm)
{
    return hart_time(&meters->machine->vms[vm].cpu->hart);
}

void meters_start(struct meters *meters, const struct machine *machine,
                  const struct session *session)
{
    meters->machine = machine;
    meters->session = session;
    meters->looked = machine_clock(NULL);
    for (unsigned vm = 0; vm < machine->count; vm++)
        meters->of[vm].ticks = time_of(meters, vm);
}

void meters_turn(struct meters *meters, unsigned vm)
{
    struct meter *meter = &meters->of[vm];
    uint64_t now = time_of(meters, vm), passed = now - meter->ticks;

    if (passed < METER_TICKS && vm_alive(&meters->machine->vms[vm]))
        return;
    passed -= passed % US_TICKS;
    meter->ticks += passed;
    meter->page_us += passed / US_TICKS * machine_pages(meters->machine, vm, PAGE_KINDS);
}

void meters_look(struct meters *meters, uint64_t now)
{
    uint64_t passed = now - meters->looked;

    if (passed < METER_NS)
        return;
    passed -= passed % US_NS;
    meters->looked += passed;
    for (unsigned vm = 0; vm < meters->machine->count; vm++)
        if (!machine_released(meters->machine, vm))
            meters->of[vm].page_host_us +=
                passed / US_NS * machine_pages(meters->machine, vm, PAGE_KINDS);
}

static uint64_t monitor_ns(const struct vm *vm)
{
    uint64_t sum = 0;

    for (unsigned action = 0; action < TRACE_ACTIONS; action++)
        sum += vm->counters.action[action].ns;
    return sum;
}

uint64_t meters_raw(const struct meters *meters, unsigned k, enum meter_figure figure)
{
    const struct machine *machine = meters->machine;
    const struct session_port *port = &meters->session->ports[k];
    const struct devices *devices = &machine->devices[k];
    const struct vm *vm = &machine->vms[k];

    switch (figure) {
    case METER_INSNS: return vm_retired(vm);
    case METER_EXITS: return vm->counters.exits;
    case METER_PAGE_VIRTUAL: return meters->of[k].page_us;
    case METER_CONSOLE_OUT: return port->bytes_out;
    case METER_CONSOLE_IN: return port->bytes_in;
    case METER_DISK_READ: return devices->bytes_read;
    case METER_DISK_WRITTEN: return devices->bytes_written;
    case METER_NET_IN: return nets_bytes(meters->session->nets, k, false);
    case METER_NET_OUT: return nets_bytes(meters->session->nets, k, true);
    case METER_PAGES:
        return machine_released(machine, k) ? 0 : machine_pages(machine, k, PAGE_KINDS);
    case METER_MONITOR: return monitor_ns(vm);
    case METER_PAGE_HOST: return meters->of[k].page_host_us;
    case METER_FIGURES: break;
    }
    return 0;
}

double meters_value(const struct meters *meters, unsigned vm, enum meter_figure figure)
{
    return (double)meters_raw(meters, vm, figure) * meter_rows[figure].scale;
}

void meters_put(const struct meters *meters, unsigned vm, json_t *object)
{
    for (unsigned i = 0; i < METER_FIGURES; i++) {
        enum meter_figure figure = (enum meter_figure)i;

        json_put(object, meter_rows[i].name,
                 meter_rows[i].scale == 1
                     ? json_integer((json_int_t)meters_raw(meters, vm, figure))
                     : json_real(meters_value(meters, vm, figure)));
    }
}
