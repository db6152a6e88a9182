/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorder.c - what a recording contains, and when it is written. Rows are written in batches;
 * the state is hashed at regular instruction counts, so that a diverging replay is detected
 * soon after the place.
 */
#include "tools/travel/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY /* the state of a hash, by value */
#include <xxhash.h>

#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/travel/recording_file.h"
#include "tools/travel/statehash.h"

#define ROWS_MOST 8192u
#define PACKETS_MOST (1u << 20) /* bytes */
#define CHECK_EVERY 50000000u   /* instructions of all VMs */

/* One console. */
struct recorder_port {
    struct recorder *recorder;
    unsigned vm;
    struct board_host inner;
    uint64_t polls, printed, net_polls;
    XXH3_state_t hash;
};

enum pz_err recorder_open(struct recorder *recorder, const char *path, unsigned count,
                          struct problem *problem)
{
    *recorder = (struct recorder){.path = path, .count = count};
    if (!path)
        return PZ_OK;
    /* Not calloc(): the hash wants its alignment. */
    recorder->ports = aligned_alloc(64, (count * sizeof *recorder->ports + 63) & ~(size_t)63);
    if (!recorder->ports)
        return problem_memory(problem, "the recording");
    memset(recorder->ports, 0, count * sizeof *recorder->ports);
    return outfile_open(&recorder->file, "--record", path, problem);
}

static void failed(struct recorder *recorder)
{
    if (!recorder->error)
        recorder->error = errno ? errno : EIO;
}

/* ---- Rows ---- */

static json_t *list_fields(const struct recording_list *list, enum recording_kind kind)
{
    unsigned columns = recording_columns(kind);
    json_t *object = json_object();

    for (unsigned c = 0; c < columns; c++) {
        json_t *cells = json_array();

        for (size_t i = 0; i < list->count; i++)
            json_array_append_new(cells, json_integer((json_int_t)list->at[i * columns + c]));
        json_object_set_new(object, recording_column(kind, c), cells);
    }
    return object;
}

static void write_packets(struct recorder *recorder)
{
    uint8_t *packed;
    size_t len;

    if (!recorder->packets.count)
        return;
    packed = packets_pack(&recorder->packets, &len);
    if (!packed)
        errno = ENOMEM;
    if (!packed || !frame_write_bytes(recorder->file, FRAME_NET, packed, len))
        failed(recorder);
    free(packed);
    packets_cut(&recorder->packets, 0);
}

static void write_rows(struct recorder *recorder)
{
    json_t *data;

    if (!recorder->rows)
        return;
    data = json_object();
    for (unsigned kind = 0; kind < RECORDING_KINDS; kind++) {
        if (recorder->lists[kind].count)
            json_object_set_new(data, recording_list_name(kind),
                                list_fields(&recorder->lists[kind], kind));
        recorder->lists[kind].count = 0;
    }
    recorder->rows = 0;
    if (!frame_write(recorder->file, FRAME_DATA, data))
        failed(recorder);
}

static void add(struct recorder *recorder, enum recording_kind kind, const void *row)
{
    if (!recording_add(&recorder->lists[kind], kind, row)) {
        errno = ENOMEM;
        failed(recorder);
    }
    if (++recorder->rows >= ROWS_MOST)
        write_rows(recorder);
}

/* ---- Consoles ---- */

static int console_in(void *owner)
{
    struct recorder_port *port = owner;
    int byte = port->inner.console_in ? port->inner.console_in(port->inner.owner) : -1;
    struct recording_input row = {
        .vm = port->vm,
        .poll = port->polls++,
        .retired = vm_retired(&port->recorder->machine->vms[port->vm]),
        .byte = byte == BOARD_INPUT_ENDED ? RECORDING_ENDED : (uint8_t)byte,
    };

    if (byte != -1)
        add(port->recorder, RECORDING_INPUTS, &row);
    return byte;
}

static void net_out(void *owner, unsigned slot, const uint8_t *frame, uint32_t len)
{
    struct recorder_port *port = owner;

    port->inner.net.out(port->inner.net.owner, slot, frame, len);
}

static uint32_t net_in(void *owner, unsigned slot, uint8_t *frame)
{
    struct recorder_port *port = owner;
    struct recorder *recorder = port->recorder;
    uint32_t len = port->inner.net.in(port->inner.net.owner, slot, frame);
    struct packet packet = {
        .vm = port->vm,
        .poll = port->net_polls++,
        .retired = vm_retired(&recorder->machine->vms[port->vm]),
        .len = len == BOARD_NET_ENDED ? 0 : len,
    };

    if (len && !packets_add(&recorder->packets, &packet, frame)) {
        errno = ENOMEM;
        failed(recorder);
    }
    if (recorder->packets.len >= PACKETS_MOST)
        write_packets(recorder);
    return len;
}

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct recorder_port *port = owner;

    port->printed += len;
    (void)XXH3_64bits_update(&port->hash, bytes, len);
    port->inner.console_out(port->inner.owner, bytes, len);
}

static void observe(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct recorder_port *port = owner;

    port->inner.observe(port->inner.owner, hart, trap);
}

struct board_host recorder_board(struct recorder *recorder, unsigned vm,
                                 struct board_host inner)
{
    struct recorder_port *port;

    if (!recorder->file)
        return inner;
    port = &recorder->ports[vm];
    port->recorder = recorder;
    port->vm = vm;
    port->inner = inner;
    (void)XXH3_64bits_reset(&port->hash);
    inner.console_out = console_out;
    inner.console_in = console_in;
    if (inner.observe)
        inner.observe = observe;
    inner.owner = port;
    if (inner.net.in)
        inner.net = (struct board_net){net_out, net_in, port};
    return inner;
}

/* ---- The run ---- */

void recorder_start(struct recorder *recorder, const struct options *options,
                    struct machine *machine)
{
    if (!recorder->file)
        return;
    recorder->machine = machine;
    outfile_begin(recorder->file);
    errno = 0;
    if (fputs(RECORDING_MAGIC, recorder->file) < 0 ||
        !frame_write(recorder->file, FRAME_HEAD, recording_head(options, machine)))
        failed(recorder);
}

void recorder_pause(struct recorder *recorder, unsigned vm)
{
    struct recording_pause row = {.turn = recorder->turns, .vm = vm};

    if (!recorder->file)
        return;
    row.paused = recorder->machine->vms[vm].paused;
    add(recorder, RECORDING_PAUSES, &row);
}

static uint64_t all_retired(const struct machine *machine)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < machine->count; k++)
        sum += vm_retired(&machine->vms[k]);
    return sum;
}

static void check(struct recorder *recorder)
{
    struct recording_check row = {recorder->turns, all_retired(recorder->machine),
                                  statehash_all(&recorder->machine->vmm)};

    recorder->checked = row.retired;
    add(recorder, RECORDING_CHECKS, &row);
}

void recorder_turn(struct recorder *recorder)
{
    struct vmm *vmm;
    struct recording_horizon row = {.turn = recorder->turns};

    if (!recorder->file)
        return;
    vmm = &recorder->machine->vmm;
    row.horizon = vmm->horizon;
    if (row.horizon != VMM_NO_HORIZON)
        add(recorder, RECORDING_HORIZONS, &row);
    recorder->turns++;
    if (all_retired(recorder->machine) - recorder->checked >= CHECK_EVERY)
        check(recorder);
}

/* ---- A run that goes on elsewhere ---- */

/* The state of a hash; the rest of it is the same for all. */
static json_t *hash_fields(const XXH3_state_t *hash)
{
    json_t *lanes = json_array(), *bytes = json_array();

    for (unsigned i = 0; i < sizeof hash->acc / sizeof hash->acc[0]; i++)
        json_array_append_new(lanes, json_integer((json_int_t)hash->acc[i]));
    for (unsigned i = 0; i < sizeof hash->buffer; i++)
        json_array_append_new(bytes, json_integer(hash->buffer[i]));
    return json_pack("{s:o,s:o,s:I,s:I,s:I}", "lanes", lanes, "bytes", bytes, "waiting",
                     (json_int_t)hash->bufferedSize, "stripes",
                     (json_int_t)hash->nbStripesSoFar, "length", (json_int_t)hash->totalLen);
}

static json_t *port_fields(const struct recorder_port *port)
{
    return json_pack("{s:I,s:I,s:I,s:o}", "polls", (json_int_t)port->polls, "printed",
                     (json_int_t)port->printed, "net_polls", (json_int_t)port->net_polls,
                     "hash", hash_fields(&port->hash));
}

/* As it was opened, and no pipe. -1: it is not to be had. */
static int reopen(const struct recorder *recorder)
{
    struct stat written, found;
    int fd;

    if (fstat(fileno(recorder->file), &written) || !S_ISREG(written.st_mode))
        return -1;
    fd = open(recorder->path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &found) || found.st_dev != written.st_dev ||
                    found.st_ino != written.st_ino)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

bool recorder_can_move(const struct recorder *recorder)
{
    int fd = recorder && recorder->file ? reopen(recorder) : -1;

    if (fd >= 0)
        close(fd);
    return fd >= 0 || !recorder || !recorder->file;
}

bool recorder_flush(struct recorder *recorder)
{
    if (!recorder->file)
        return true;
    write_rows(recorder);
    write_packets(recorder);
    return !fflush(recorder->file) && !recorder->error;
}

json_t *recorder_state(struct recorder *recorder)
{
    json_t *ports;
    off_t len;

    if (!recorder->file)
        return json_null();
    len = recorder_flush(recorder) ? ftello(recorder->file) : -1;
    if (len < 0)
        return NULL;
    ports = json_array();
    for (unsigned k = 0; k < recorder->count; k++)
        json_array_append_new(ports, port_fields(&recorder->ports[k]));
    return json_pack("{s:I,s:I,s:I,s:I,s:o}", "bytes", (json_int_t)len, "turns",
                     (json_int_t)recorder->turns, "checked", (json_int_t)recorder->checked,
                     "horizon", (json_int_t)recorder->machine->vmm.horizon, "vms", ports);
}

size_t recorder_read(const struct recorder *recorder, uint64_t at, uint8_t *bytes, size_t most)
{
    int fd = recorder->file ? reopen(recorder) : -1;
    ssize_t got = fd < 0 ? 0 : pread(fd, bytes, most, (off_t)at);

    if (fd >= 0)
        close(fd);
    return got > 0 ? (size_t)got : 0;
}

enum pz_err recorder_append(struct recorder *recorder, const uint8_t *bytes, size_t len,
                            struct problem *problem)
{
    if (!recorder->past)
        outfile_begin(recorder->file);
    recorder->past += len;
    if (fwrite(bytes, 1, len, recorder->file) == len)
        return PZ_OK;
    return outfile_cut(errno, "--record", recorder->path, problem);
}

static bool get_number(const json_t *fields, const char *name, uint64_t *value)
{
    const json_t *field = json_object_get(fields, name);

    *value = (uint64_t)json_integer_value(field);
    return json_is_integer(field);
}

static bool get_numbers(const json_t *fields, const char *name, uint64_t *values, size_t count)
{
    const json_t *list = json_object_get(fields, name);

    for (size_t i = 0; i < count; i++)
        values[i] = (uint64_t)json_integer_value(json_array_get(list, i));
    return json_array_size(list) == count;
}

static bool get_hash(XXH3_state_t *hash, const json_t *fields)
{
    uint64_t lanes[sizeof hash->acc / sizeof hash->acc[0]], bytes[sizeof hash->buffer];
    uint64_t waiting, stripes, length;

    if (!get_numbers(fields, "lanes", lanes, sizeof lanes / sizeof lanes[0]) ||
        !get_numbers(fields, "bytes", bytes, sizeof bytes / sizeof bytes[0]) ||
        !get_number(fields, "waiting", &waiting) || waiting > sizeof hash->buffer ||
        !get_number(fields, "stripes", &stripes) || stripes >= hash->nbStripesPerBlock ||
        !get_number(fields, "length", &length) || length < waiting)
        return false;
    memcpy(hash->acc, lanes, sizeof hash->acc);
    for (unsigned i = 0; i < sizeof hash->buffer; i++)
        hash->buffer[i] = (uint8_t)bytes[i];
    hash->bufferedSize = (XXH32_hash_t)waiting;
    hash->nbStripesSoFar = (size_t)stripes;
    hash->totalLen = length;
    return true;
}

static bool get_port(struct recorder_port *port, const json_t *fields)
{
    return get_number(fields, "polls", &port->polls) &&
           get_number(fields, "printed", &port->printed) &&
           get_number(fields, "net_polls", &port->net_polls) &&
           get_hash(&port->hash, json_object_get(fields, "hash"));
}

static bool get_state(struct recorder *recorder, const json_t *fields)
{
    const json_t *vms = json_object_get(fields, "vms");
    uint64_t bytes, horizon;

    for (unsigned k = 0; k < recorder->count; k++)
        if (!get_port(&recorder->ports[k], json_array_get(vms, k)))
            return false;
    if (!get_number(fields, "horizon", &horizon) || !get_number(fields, "bytes", &bytes))
        return false;
    recorder->machine->vmm.horizon = horizon;
    return get_number(fields, "turns", &recorder->turns) &&
           get_number(fields, "checked", &recorder->checked) && bytes == recorder->past &&
           recorder->checked <= all_retired(recorder->machine);
}

enum pz_err recorder_go_on(struct recorder *recorder, const json_t *fields,
                           struct machine *machine, struct problem *problem)
{
    if (!recorder->file)
        return PZ_OK;
    recorder->machine = machine;
    if (get_state(recorder, fields))
        return PZ_OK;
    recorder->machine = NULL; /* it is none that could be completed */
    if (!json_is_object(fields))
        return problem_set(
            problem, PZ_USAGE,
            "--record: a recording begins when a machine is switched on, and this "
            "one was not recorded then: give --record to pz run, too");
    return problem_set(problem, PZ_USAGE, "--record: the recording made so far is not valid");
}

/* ---- The end ---- */

static json_t *done_fields(const struct recorder *recorder)
{
    json_t *vms = json_array();

    for (unsigned k = 0; k < recorder->count; k++) {
        const struct recorder_port *port = &recorder->ports[k];
        json_int_t hash = (json_int_t)XXH3_64bits_digest(&port->hash);

        json_array_append_new(vms, json_pack("{s:I,s:I}", "console_bytes",
                                             (json_int_t)port->printed, "console_hash", hash));
    }
    return json_pack("{s:I,s:o}", "turns", (json_int_t)recorder->turns, "vms", vms);
}

/* The last check is of the end, so that every run has one. */
static void finish(struct recorder *recorder)
{
    if (recorder->machine) {
        check(recorder);
        write_rows(recorder);
        write_packets(recorder);
        if (!frame_write(recorder->file, FRAME_DONE, done_fields(recorder)))
            failed(recorder);
    }
    errno = 0;
    if (fclose(recorder->file))
        failed(recorder);
}

enum pz_err recorder_close(struct recorder *recorder, struct problem *problem)
{
    if (recorder->file)
        finish(recorder);
    recorder->file = NULL;
    for (unsigned kind = 0; kind < RECORDING_KINDS; kind++)
        free(recorder->lists[kind].at);
    packets_free(&recorder->packets);
    free(recorder->ports);
    recorder->ports = NULL;
    if (!recorder->error)
        return PZ_OK;
    return outfile_cut(recorder->error, "--record", recorder->path, problem);
}
