/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_migrate.c - what a source of a migration may send to a target, after it has said what
 * machine it has: any messages, in any order. Their sums hold, for else nothing would come of them:
 * the input is a list of messages, each a byte that chooses its name, two for its length, and as
 * many bytes. Those of the state are such a list of its sections, and those of a section say what
 * to change in a right one: two for the place, one to be put there.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/engine/spec.h"
#include "tests/fuzz/fuzz.h"
#include "tools/migrate/migrate.h"
#include "tools/snapshot/state.h"

#define MACHINE (1u << 20)
#define RAM (128u << 10)

static _Alignas(4096) uint8_t machine_ram[MACHINE];
static struct spec spec;
static struct machine machine;
static struct vm vm;
static struct devices devices;
static struct session session; /* with a network, for what waits there */

static void begin(void)
{
    static const char *word = "switch=a";
    const struct options options = {.vms = 1, .nets = {&word, 1}};
    struct problem problem;
    const struct vmm_host host = {0};
    const struct vm_config config = {.ram_size = RAM,
                                     .shares = 1,
                                     .limit = UINT64_MAX,
                                     .monitor = VM_PARA,
                                     .cpus = 2,
                                     .shadow_tables = 16};

    if (!session.nets)
        MUST(!nets_open(&session.nets, &options, &problem));
    memset(machine_ram, 0, machine.vmm.allocator.fresh * (size_t)PAGE_SIZE);
    spec_init(&spec, machine_ram, 0, MACHINE);
    machine = (struct machine){.vms = &vm, .count = 1, .slots = 1, .devices = &devices};
    MUST(vmm_init(&machine.vmm, &spec.engine, &host));
    MUST(vmm_add(&machine.vmm, &vm, &config));
}

struct input_bytes {
    const uint8_t *at, *end;
};

/* A message, or a section; its bytes lie in the input. False: there is none. */
static bool next(struct input_bytes *input, const char *const *names, unsigned count,
                 const char **name, struct input_bytes *body)
{
    size_t len, rest;

    if (input->end - input->at < 3)
        return false;
    *name = names[input->at[0] % count];
    len = input->at[1] | (size_t)input->at[2] << 8;
    input->at += 3;
    rest = (size_t)(input->end - input->at);
    len = len < rest ? len : rest;
    *body = (struct input_bytes){input->at, input->at + len};
    input->at += len;
    return true;
}

static char *section_of(const char *name)
{
    json_t *fields;
    char *text;

    if (!strcmp(name, "vmst")) {
        fields = state_vm(&vm);
        json_put(fields, "released", json_false());
        json_put(fields, "input",
                 json_pack("{s:b,s:b,s:b}", "stdin", 0, "end", 1, "nobody", 0));
    } else if (!strcmp(name, "turn")) {
        fields = state_turn(&machine.vmm, machine.vms);
    } else if (!strcmp(name, "rcrd")) {
        fields = json_pack("{s:n}", "state");
    } else {
        fields = json_pack("{s:[]}", "disks");
    }
    text = json_dumps(fields, JSON_COMPACT);
    json_decref(fields);
    MUST(text);
    return text;
}

static void write_section(FILE *file, const char *name, struct input_bytes changes)
{
    char *text = section_of(name);
    size_t len = strcmp(name, "inpt") ? strlen(text) : 0;

    if (!strcmp(name, "netq")) { /* no fields */
        free(text);
        MUST(frame_write_bytes(file, name, changes.at, (size_t)(changes.end - changes.at)));
        return;
    }
    for (; changes.end - changes.at >= 3; changes.at += 3)
        if (len)
            text[(changes.at[0] | changes.at[1] << 8) % len] = (char)changes.at[2];
    MUST(frame_write_bytes(file, name, (const uint8_t *)text, len));
    free(text);
}

/* Sections with sums that hold. */
static uint8_t *state_of(struct input_bytes input, size_t *len)
{
    static const char *const names[] = {"head", "turn", "vmst", "inpt", "done", "netq", "rcrd"};
    char *text = NULL;
    FILE *file = open_memstream(&text, len);
    struct input_bytes body;
    const char *name;

    MUST(file);
    while (next(&input, names, sizeof names / sizeof names[0], &name, &body))
        write_section(file, name, body);
    MUST(!fclose(file));
    return (uint8_t *)text;
}

static bool heed(struct target *target, const char *name, struct input_bytes body)
{
    struct frame message = {.len = (size_t)(body.end - body.at)};
    bool done = false, goes_on;

    memcpy(message.name, name, sizeof message.name);
    if (!strcmp(name, MESSAGE_STATE)) {
        message.bytes = state_of(body, &message.len);
    } else {
        message.bytes = malloc(message.len + 1);
        MUST(message.bytes);
        memcpy(message.bytes, body.at, message.len);
        message.bytes[message.len] = 0;
    }
    goes_on = !target_heed(target, &message, &done) && !done;
    MUST(!done || (target->complete && body.end - body.at == MESSAGES_ID &&
                   !memcmp(body.at, target->id, MESSAGES_ID)));
    frame_free(&message);
    return goes_on;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {MESSAGE_PAGES, MESSAGE_STATE, MESSAGE_MISSING,
                                        MESSAGE_TAKE,  MESSAGE_MARK,  MESSAGE_UNDO,
                                        MESSAGE_PAST};
    struct input_bytes input = {data, data + size}, body;
    static struct problem problem;
    struct target target = {.listener = -1,
                            .channel.fd = -1,
                            .asking.fd = -1,
                            .peer.pidfd = -1,
                            .post_copy = size & 1,
                            .id = "abcdefghijklmnop",
                            .machine = &machine,
                            .session = &session,
                            .inputs = true,
                            .problem = &problem};
    const char *name;

    begin();
    MUST(ram_open(&target.missing, &machine));
    while (next(&input, names, sizeof names / sizeof names[0], &name, &body))
        if (!heed(&target, name, body))
            break;
    MUST(vm_shadow_check(&vm, NULL) == 0);
    target_close(&target);
    return 0;
}
