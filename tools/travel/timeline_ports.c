/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_ports.c - input and output of a guest. It polls for input and prints at points
 * determined by its execution, so the number of a poll identifies its time exactly, on every
 * engine.
 */
#include "tools/travel/timeline_ports.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MOST ((size_t)64 << 20) /* for each console; output after that is not compared */

void ports_differ(struct timeline_ports *ports, const char *format, ...)
{
    va_list arguments;

    if (ports->wrong[0])
        return;
    va_start(arguments, format);
    vsnprintf(ports->wrong, sizeof ports->wrong, format, arguments);
    va_end(arguments);
}

static uint64_t retired_of(const struct port *port)
{
    return vm_retired(&port->ports->machine->vms[port->vm]);
}

/* The byte recorded for this poll, or -1. */
static int kept_byte(struct port *port)
{
    const struct recording_input *input = recording_inputs(&port->inputs) + port->now.next;

    if (port->now.next == port->inputs.count || input->poll != port->now.polls)
        return -1;
    if (input->retired != retired_of(port))
        ports_differ(port->ports,
                     "VM %u asks for its byte %" PRIu64 " after %" PRIu64
                     " instructions; it was after %" PRIu64,
                     port->vm, port->now.next, retired_of(port), input->retired);
    port->now.next++;
    return input->byte == RECORDING_ENDED ? BOARD_INPUT_ENDED : (int)input->byte;
}

static int new_byte(struct port *port)
{
    const struct timeline_hosts *hosts = &port->ports->hosts;
    int byte = hosts->console_in && !port->ports->replaying
                   ? hosts->console_in(hosts->owner, port->vm)
                   : -1;
    struct recording_input input = {port->vm, port->now.polls, retired_of(port),
                                    byte == BOARD_INPUT_ENDED ? RECORDING_ENDED
                                                              : (uint8_t)byte};

    port->known_polls = port->now.polls + 1;
    if (byte == -1)
        return -1;
    if (!recording_add(&port->inputs, RECORDING_INPUTS, &input)) {
        ports_differ(port->ports, "out of memory for what is typed at VM %u", port->vm);
        return -1;
    }
    port->now.next++;
    return byte;
}

static int console_in(void *owner)
{
    struct port *port = owner;
    bool known = port->now.polls < port->known_polls;
    int byte = known || port->ports->replaying ? kept_byte(port) : new_byte(port);

    if (!known)
        port->known_polls = port->now.polls + 1;
    port->now.polls++;
    return byte;
}

static bool make_room(struct port *port, size_t len)
{
    size_t room = port->room ? port->room : PAGE_SIZE;
    uint8_t *text;

    if (port->len + len <= port->room)
        return true;
    while (room < port->len + len)
        room *= 2;
    text = room <= TEXT_MOST ? realloc(port->text, room) : NULL;
    if (!text)
        return false;
    port->text = text;
    port->room = room;
    return true;
}

/* Output that is printed for the first time, and not repeated in a replay. */
static void print(struct port *port, const uint8_t *bytes, uint32_t len)
{
    const struct timeline_hosts *hosts = &port->ports->hosts;

    if (port->len == port->known_bytes && make_room(port, len)) {
        memcpy(port->text + port->len, bytes, len);
        port->len += len;
    }
    port->known_bytes += len;
    if (hosts->console_out)
        hosts->console_out(hosts->owner, port->vm, bytes, len);
}

static uint32_t smaller(uint64_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

static void compare(struct port *port, const uint8_t *bytes, uint32_t len)
{
    uint64_t at = port->now.printed;

    if (at < port->len && memcmp(port->text + at, bytes, smaller(port->len - at, len)))
        ports_differ(port->ports,
                     "VM %u prints something else the second time, from byte %" PRIu64,
                     port->vm, at);
}

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct port *port = owner;
    uint32_t old = smaller(port->known_bytes - port->now.printed, len);

    if (old)
        compare(port, bytes, old);
    if (len > old)
        print(port, bytes + old, len - old);
    port->now.printed += len;
}

/* ---- Networks ---- */

/* The frame recorded for this poll, or 0; or that there will be no more. */
static uint32_t kept_packet(struct port *port, uint8_t *frame)
{
    const struct packet *packet = &port->packets.list[port->now.next_packet];

    if (port->now.next_packet == port->packets.count || packet->poll != port->now.net_polls)
        return 0;
    if (packet->retired != retired_of(port))
        ports_differ(port->ports,
                     "VM %u asks for its frame %" PRIu64 " after %" PRIu64
                     " instructions; it was after %" PRIu64,
                     port->vm, port->now.next_packet, retired_of(port), packet->retired);
    port->now.next_packet++;
    memcpy(frame, port->packets.bytes + packet->at, packet->len);
    return packet->len ? packet->len : BOARD_NET_ENDED;
}

static uint32_t new_packet(struct port *port, unsigned slot, uint8_t *frame)
{
    uint32_t len = port->net.in ? port->net.in(port->net.owner, slot, frame) : 0;
    struct packet packet = {.vm = port->vm,
                            .poll = port->now.net_polls,
                            .retired = retired_of(port),
                            .len = len == BOARD_NET_ENDED ? 0 : len};

    if (!len)
        return 0;
    if (!packets_add(&port->packets, &packet, frame)) {
        ports_differ(port->ports, "out of memory for input to VM %u", port->vm);
        return 0;
    }
    port->now.next_packet++;
    return len;
}

static uint32_t net_in(void *owner, unsigned slot, uint8_t *frame)
{
    struct port *port = owner;
    bool known = port->now.net_polls < port->known_net_polls || port->ports->replaying;
    uint32_t len = known ? kept_packet(port, frame) : new_packet(port, slot, frame);

    if (port->known_net_polls <= port->now.net_polls)
        port->known_net_polls = port->now.net_polls + 1;
    port->now.net_polls++;
    return len;
}

/* Frames that were sent once are not sent again. */
static void net_out(void *owner, unsigned slot, const uint8_t *frame, uint32_t len)
{
    struct port *port = owner;
    bool known = port->now.sent < port->known_sent || port->ports->replaying;

    if (port->known_sent <= port->now.sent)
        port->known_sent = port->now.sent + 1;
    port->now.sent++;
    if (!known && port->net.out)
        port->net.out(port->net.owner, slot, frame, len);
}

struct board_host ports_board(struct timeline_ports *ports, unsigned vm)
{
    struct port *port = &ports->ports[vm];

    return (struct board_host){.console_in = console_in,
                               .console_out = console_out,
                               .owner = port,
                               .net = {net_out, net_in, port}};
}

static bool take_packets(struct timeline_ports *ports, const struct packets *packets)
{
    for (size_t i = 0; i < packets->count; i++) {
        const struct packet *packet = &packets->list[i];

        if (!packets_add(&ports->ports[packet->vm].packets, packet,
                         packets->bytes + packet->at))
            return false;
    }
    return true;
}

static bool take_inputs(struct timeline_ports *ports, const struct recording_list *inputs)
{
    const struct recording_input *rows = recording_inputs(inputs);

    for (size_t i = 0; i < inputs->count; i++)
        if (!recording_add(&ports->ports[rows[i].vm].inputs, RECORDING_INPUTS, &rows[i]))
            return false;
    return true;
}

static uint64_t slept(void *owner, unsigned vm)
{
    struct timeline_ports *ports = owner;
    const struct vm *slept_by = &ports->machine->vms[vm];

    return hart_time(&slept_by->cpu->hart) - vm_retired(slept_by);
}

static bool alive(void *owner, unsigned vm)
{
    const struct timeline_ports *ports = owner;

    return vm_alive(&ports->machine->vms[vm]);
}

/* Connect to the networks of the options. */
static enum pz_err ports_plug(struct timeline_ports *ports, const struct options *options,
                              struct problem *problem)
{
    enum pz_err err = nets_open(&ports->nets, options, problem);

    if (!err)
        err = nets_listen(ports->nets, problem);
    for (unsigned vm = 0; !err && vm < ports->count; vm++)
        ports->ports[vm].net = nets_board(ports->nets, vm);
    nets_watch(ports->nets, &(struct nets_watch){slept, alive, ports});
    return err;
}

enum pz_err ports_open(struct timeline_ports *ports, unsigned count,
                       const struct timeline_config *config, struct machine *machine,
                       struct problem *problem)
{
    *ports = (struct timeline_ports){.hosts = config->hosts, .machine = machine};
    ports->replaying = config->recording != NULL;
    ports->ports = calloc(count, sizeof *ports->ports);
    if (!ports->ports)
        return problem_memory(problem, "the consoles");
    ports->count = count;
    for (unsigned vm = 0; vm < count; vm++) {
        ports->ports[vm].ports = ports;
        ports->ports[vm].vm = vm;
    }
    if (!config->recording)
        return ports_plug(ports, config->options, problem);
    if (!take_inputs(ports, &config->recording->lists[RECORDING_INPUTS]) ||
        !take_packets(ports, &config->recording->packets))
        return problem_memory(problem, "the recording");
    return PZ_OK;
}

void ports_close(struct timeline_ports *ports)
{
    for (unsigned vm = 0; vm < ports->count; vm++) {
        free(ports->ports[vm].inputs.at);
        free(ports->ports[vm].text);
        packets_free(&ports->ports[vm].packets);
    }
    nets_close(ports->nets);
    free(ports->ports);
    *ports = (struct timeline_ports){0};
}

void ports_forget(struct timeline_ports *ports)
{
    ports->replaying = false;
    for (unsigned vm = 0; vm < ports->count; vm++) {
        struct port *port = &ports->ports[vm];

        port->inputs.count = port->now.next;
        port->known_polls = port->now.polls;
        port->known_bytes = port->now.printed;
        packets_cut(&port->packets, port->now.next_packet);
        port->known_net_polls = port->now.net_polls;
        port->known_sent = port->now.sent;
        if (port->len > port->known_bytes)
            port->len = port->known_bytes;
    }
}
