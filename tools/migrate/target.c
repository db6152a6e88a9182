/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target.c - receiving; owning; and pages that are asked for when they are first needed
 * (post-copy). Until the VMs are its own the target does nothing but wait for the source.
 */
#include "tools/migrate/target.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/random.h>

#include "tools/migrate/callers.h"

#define SOURCE_MOST (64u << 20) /* bytes of a message of the source's */
#define ASKING_MOST 64u         /* of somebody who asks */
#define LOOK_NS 1000000u
#define END_MS 5000    /* between the end of a connection and that of the process behind it */
#define STEP_MS 100    /* between two looks at signals */
#define LINGER_MS 1000 /* at the end, for a source that may not know yet */
#define MESSAGES_A_LOOK 16u

static enum pz_err broken(struct target *target)
{
    return problem_set(target->problem, PZ_FAILED,
                       "the connection to the source broke before all of its machine was here");
}

static enum pz_err nonsense(struct target *target, const char *what)
{
    return problem_set(target->problem, PZ_USAGE, "the source sends nonsense: %s", what);
}

/* ---- Connections ---- */

static bool is_magic(struct channel *channel, int ms)
{
    char magic[MESSAGES_MAGIC_LEN];
    enum channel_news news;

    while ((news = channel_receive_raw(channel, magic, sizeof magic)) == CHANNEL_NOTHING) {
        struct pollfd fd = {.fd = channel->fd, .events = POLLIN};

        if (poll(&fd, 1, ms) == 0)
            return false;
    }
    return news == CHANNEL_MESSAGE && !memcmp(magic, MESSAGES_MAGIC, sizeof magic);
}

static enum pz_err listen_at(struct target *target, const char *where, struct problem *problem)
{
    const char *path = where + strlen("unix:");

    if (strncmp(where, "unix:", 5) || !*path || strlen(path) > LOCALSOCKET_PATH)
        return problem_set(problem, PZ_USAGE,
                           "'%.60s': name a socket, as unix:PATH, of at most %u characters",
                           where, LOCALSOCKET_PATH);
    target->listener = localsocket_listen(path);
    if (target->listener < 0)
        return localsocket_refused(path, "somebody else waits there", problem);
    strcpy(target->path, path);
    return PZ_OK;
}

/* ---- What machine it is ---- */

static bool read_fields(struct target *target, const json_t *fields)
{
    const struct options *options = &target->head.options;
    const json_t *record = json_object_get(fields, "record");

    if (!recording_head_read(&target->head, fields) ||
        options->mem + options->ram_base > OPTIONS_RAM_END)
        return false;
    target->post_copy = json_is_true(json_object_get(fields, "post-copy"));
    if (json_is_string(record) && !(target->record = strdup(json_string_value(record))))
        return false;
    peer_open(&target->peer, target->channel.fd,
              json_string_value(json_object_get(fields, "process")));
    return true;
}

static enum pz_err read_head(struct target *target)
{
    struct frame message;
    json_t *fields = NULL;
    enum pz_err err = PZ_OK;

    if (callers_await(target->listener, SOURCE_MOST, &target->channel, &message) !=
        CHANNEL_MESSAGE)
        return nonsense(target, "no migration, or one of another version of pz");
    if (channel_is(&message, MESSAGE_HEAD))
        fields = json_loadb((const char *)message.bytes, message.len, 0, NULL);
    if (!read_fields(target, fields))
        err = nonsense(target, "what machine it has");
    json_decref(fields);
    frame_free(&message);
    return err;
}

/* Not to be guessed, and printable. */
static bool choose_id(char id[MESSAGES_ID + 1])
{
    uint8_t bytes[MESSAGES_ID];

    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return false;
    for (unsigned i = 0; i < MESSAGES_ID; i++)
        id[i] = (char)('a' + bytes[i] % 16);
    id[MESSAGES_ID] = 0;
    return true;
}

enum pz_err target_open(struct target *target, const char *where, struct problem *problem)
{
    enum pz_err err;

    *target = (struct target){.listener = -1,
                              .channel.fd = -1,
                              .asking.fd = -1,
                              .peer.pidfd = -1,
                              .problem = problem};
    err = listen_at(target, where, problem);
    if (!err && !choose_id(target->id))
        err = problem_set(problem, PZ_HOST, "the host has no random numbers");
    return err ? err : read_head(target);
}

/* ---- Memory that is missing ---- */

bool target_is_incomplete(const struct target *target)
{
    return target->missing.count != 0;
}

/* What was here of a page that has been written to since, or of the kernel, is not it. */
static void detach_missing(struct target *target)
{
    for (unsigned k = 0; k < target->machine->count; k++) {
        struct vm *vm = &target->machine->vms[k];

        for (uint64_t page = 0; page < vm->pmap.size / PAGE_SIZE; page++)
            if (ram_has(&target->missing, k, page))
                pmap_detach(&vm->pmap, (struct gpa){vm->pmap.base + page * PAGE_SIZE});
    }
}

/* NULL: nothing is elsewhere. */
static void set_source(struct target *target, const struct pmap_source *source)
{
    for (unsigned k = 0; k < target->machine->count; k++)
        target->machine->vms[k].pmap.source = source;
}

/* Everything is here. */
static void fulfil(struct target *target)
{
    target->follows = false;
    set_source(target, NULL);
    if (channel_put(&target->channel, MESSAGE_FULL, NULL, 0))
        (void)!channel_send(&target->channel);
}

static bool put_missing(struct target *target)
{
    size_t len;
    uint8_t *bytes = ram_pack(&target->missing, &len);
    bool put = bytes && channel_put(&target->channel, MESSAGE_MISSING, bytes, len);

    free(bytes);
    return put;
}

/* What the source has to know of it when it has come back. */
static bool put_following(struct target *target)
{
    return target_is_incomplete(target) ? put_missing(target)
                                        : channel_put(&target->channel, MESSAGE_FULL, NULL, 0);
}

/* A connection that was made again is the one from here on. */
static void adopt_connection(struct target *target, struct channel *channel)
{
    channel_close(&target->channel);
    target->channel = *channel;
    target->channel.most = SOURCE_MOST;
    *channel = (struct channel){.fd = -1};
}

/* Somebody who says `take` with the right id is the source, or speaks for it. */
static bool is_take(const struct target *target, const struct frame *message)
{
    return channel_is(message, MESSAGE_TAKE) && message->len == MESSAGES_ID &&
           !memcmp(message->bytes, target->id, MESSAGES_ID);
}

static bool say_mine(struct target *target)
{
    return channel_put(&target->channel, MESSAGE_MINE, NULL, 0) &&
           (!target->owns || !target->post_copy || put_following(target)) &&
           channel_drain(&target->channel, END_MS);
}

/* Wait for the source to connect again, and to say `take`. False: not within `ms`. */
static bool meet_again(struct target *target, int ms)
{
    struct frame message = {.len = 0};
    struct channel channel;
    bool right;

    if (!callers_accept(target->listener, &channel, ASKING_MOST, ms))
        return false;
    right = is_magic(&channel, STEP_MS * 10) &&
            channel_await(&channel, &message, STEP_MS * 10) == CHANNEL_MESSAGE &&
            is_take(target, &message);
    frame_free(&message);
    if (right)
        adopt_connection(target, &channel);
    else
        channel_close(&channel);
    return right && say_mine(target);
}

/* The source has the rest of the VMs, and is gone: so are they. */
static void lose(struct target *target)
{
    fprintf(stderr, "pz: the source ended before all memory was here: its machine is lost\n");
    for (unsigned k = 0; k < target->machine->count; k++)
        vm_kill(&target->machine->vms[k], VM_KILLED);
    target->missing.count = 0;
    target->follows = false;
    set_source(target, NULL);
}

/* False: it will not come any more. */
static bool mend(struct target *target)
{
    channel_close(&target->channel);
    while (!meet_again(target, STEP_MS))
        if (terminal_signal() || peer_has_ended(&target->peer, 0))
            return false;
    return true;
}

static bool take_pages(struct target *target, const struct frame *message)
{
    return channel_is(message, MESSAGE_PAGES) &&
           ram_put(&target->missing, target->machine, message->bytes, message->len);
}

static bool put_want(struct target *target, unsigned vm, uint64_t page)
{
    uint8_t bytes[8];

    store_le32(bytes, vm);
    store_le32(bytes + 4, (uint32_t)page);
    return channel_put(&target->channel, MESSAGE_WANT, bytes, sizeof bytes);
}

/* Until a page is here, whatever else comes meanwhile. */
static bool fetch(struct target *target, unsigned vm, uint64_t page)
{
    bool sent = put_want(target, vm, page);

    while (sent && ram_has(&target->missing, vm, page)) {
        struct frame message;
        enum channel_news news = channel_await(&target->channel, &message, -1);

        if (news == CHANNEL_MESSAGE && !take_pages(target, &message))
            news = CHANNEL_BROKEN;
        frame_free(&message);
        if (news == CHANNEL_BROKEN)
            return false;
    }
    return sent;
}

/* The guest, or a device, is about to use a page for the first time here. */
static bool need(struct target *target, unsigned vm, uint64_t page)
{
    while (ram_has(&target->missing, vm, page))
        if (!fetch(target, vm, page) && !mend(target)) {
            lose(target);
            return false;
        }
    return true;
}

static uint64_t page_of(const struct pmap *pmap, struct gpa gpa)
{
    return (gpa.v - pmap->base) / PAGE_SIZE;
}

/* The page is attached: its bytes come to it as those of others do, by way of its address. */
static bool fill(void *owner, struct pmap *pmap, struct gpa gpa, uint8_t *bytes)
{
    (void)bytes;
    return need(owner, pmap->owner - 1u, page_of(pmap, gpa));
}

static void forget(void *owner, struct pmap *pmap, struct gpa gpa)
{
    struct target *target = owner;

    ram_remove(&target->missing, pmap->owner - 1u, page_of(pmap, gpa));
}

static bool fill_all(void *owner, struct pmap *pmap)
{
    for (uint64_t page = 0; page < pmap->size / PAGE_SIZE; page++)
        if (!need(owner, pmap->owner - 1u, page))
            return false;
    return true;
}

/* ---- What the source sends ---- */

static bool same_disks(const struct machine *machine, const json_t *samples)
{
    size_t seen = 0;
    uint64_t hash;

    for (unsigned k = 0; k < machine->count; k++)
        for (unsigned i = 0; i < machine->devices[k].disk_count; i++, seen++)
            if (!disk_sample(&machine->devices[k].disks[i], &hash) ||
                !json_is_integer(json_array_get(samples, seen)) ||
                (uint64_t)json_integer_value(json_array_get(samples, seen)) != hash)
                return false;
    return json_array_size(samples) == seen;
}

/* From here on the disks are locked by this process, and the host's ports are its own. */
static enum pz_err take_disks(struct target *target, const json_t *fields)
{
    enum pz_err err = machine_take_disks(target->machine, target->problem);

    if (!err && target->session)
        err = nets_listen(target->session->nets, target->problem);
    if (!err && !same_disks(target->machine, json_object_get(fields, "disks")))
        err = problem_set(
            target->problem, PZ_USAGE,
            "--disk: the file at the path of a disk here is not the one that the source "
            "has there: both sides have to reach the same files");
    return err;
}

static enum pz_err read_state(struct target *target, const struct frame *message)
{
    struct frames frames = {.file = {.bytes = message->bytes, .len = message->len},
                            .fd = -1,
                            .len = message->len,
                            .problem = target->problem};
    json_t *fields;
    enum pz_err err = frames_expect_fields(&frames, MESSAGE_HEAD, &fields);

    if (!err)
        err = take_disks(target, fields);
    json_decref(fields);
    return err ? err
               : snapshot_read_state(&frames, target->machine, target->session,
                                     target->recorder, target->inputs, target->problem);
}

static enum pz_err heed_state(struct target *target, const struct frame *message)
{
    enum pz_err err;

    if (target->complete)
        return nonsense(target, "two states");
    err = read_state(target, message);
    if (err)
        return err;
    if (target_is_incomplete(target)) {
        detach_missing(target);
        target->source = (struct pmap_source){fill, forget, fill_all, target};
        set_source(target, &target->source);
    }
    target->follows = target->post_copy;
    target->complete = true;
    return channel_put(&target->channel, MESSAGE_HAVE, NULL, 0) ? PZ_OK : broken(target);
}

static enum pz_err heed_missing(struct target *target, const struct frame *message)
{
    if (!target->post_copy || target->complete ||
        !ram_unpack(&target->missing, target->machine, message->bytes, message->len))
        return nonsense(target, "pages that are to follow");
    return PZ_OK;
}

static enum pz_err heed_past(struct target *target, const struct frame *message)
{
    if (!target->record || target->complete || !target->recorder || !target->recorder->file)
        return nonsense(target, "what was recorded");
    return recorder_append(target->recorder, message->bytes, message->len, target->problem);
}

static enum pz_err heed_take(struct target *target, const struct frame *message, bool *done)
{
    if (!target->complete || !is_take(target, message))
        return nonsense(target, "the other side wants pages that have not been sent");
    *done = true;
    return PZ_OK;
}

enum pz_err target_heed(struct target *target, const struct frame *message, bool *done)
{
    if (channel_is(message, MESSAGE_PAGES) && !target->complete)
        return ram_put(NULL, target->machine, message->bytes, message->len)
                   ? PZ_OK
                   : nonsense(target, "pages");
    if (channel_is(message, MESSAGE_PAST))
        return heed_past(target, message);
    if (channel_is(message, MESSAGE_MARK))
        return channel_put(&target->channel, MESSAGE_MARK, NULL, 0) ? PZ_OK : broken(target);
    if (channel_is(message, MESSAGE_MISSING))
        return heed_missing(target, message);
    if (channel_is(message, MESSAGE_STATE))
        return heed_state(target, message);
    if (channel_is(message, MESSAGE_TAKE))
        return heed_take(target, message, done);
    if (channel_is(message, MESSAGE_UNDO))
        return problem_set(target->problem, PZ_FAILED,
                           "the source has given up: its machine goes on there");
    return nonsense(target, "an unknown message");
}

/* ---- Until the VMs are ours ---- */

/*
 * Everything is here, and the source has gone without a word. If it has ended, nobody else has the
 * VMs. If it has not, or nobody can know, it is for the source to say.
 */
static enum pz_err settle(struct target *target)
{
    channel_close(&target->channel);
    if (!target_is_incomplete(target) && peer_has_ended(&target->peer, END_MS)) {
        target->confirmed = true;
        fprintf(stderr, "pz: the source has ended: its machine goes on here\n");
        return PZ_OK;
    }
    fprintf(stderr,
            "pz: the connection to the source broke: waiting for it to come back, for its "
            "machine may still run there\n");
    while (!meet_again(target, STEP_MS))
        if (terminal_signal())
            return broken(target);
    return PZ_OK;
}

static bool greet(struct target *target)
{
    char self[PEER_TEXT];

    peer_self(self);
    return channel_put_fields(&target->channel, MESSAGE_MADE,
                              json_pack("{s:s,s:s}", "id", target->id, "process", self));
}

static enum pz_err receive(struct target *target, bool *done)
{
    struct frame message;
    enum channel_news news = channel_await(&target->channel, &message, -1);
    enum pz_err err;

    if (news == CHANNEL_MESSAGE) {
        err = target_heed(target, &message, done);
    } else if (target->complete) {
        err = settle(target);
        target->owns = !err;
    } else {
        err = broken(target);
    }
    frame_free(&message);
    return err;
}

/* So that the source's VMs go on there at once. */
static void tell_failure(struct target *target)
{
    const char *text = target->problem->text;

    if (channel_put(&target->channel, MESSAGE_FAIL, (const uint8_t *)text, strlen(text)))
        (void)!channel_drain(&target->channel, STEP_MS);
}

/* Nobody is to lose a recording by a move, or to have one that begins in the middle. */
static enum pz_err check_recorder(const struct target *target, struct problem *problem)
{
    bool records = target->recorder && target->recorder->file;

    if (records == (target->record != NULL))
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       records ? "--record: the source does not record, and a recording begins "
                                 "when a machine is switched on: give --record to pz run, too"
                               : "the source records, and the recording goes on here: give pz "
                                 "receive --record FILE");
}

enum pz_err target_receive(struct target *target, struct machine *machine,
                           struct session *session, struct recorder *recorder, bool inputs,
                           struct problem *problem)
{
    bool done = false;
    enum pz_err err = recording_kernels_same(&target->head, machine, problem);

    target->machine = machine;
    target->session = session;
    target->recorder = recorder;
    target->inputs = inputs;
    target->problem = problem;
    if (!err)
        err = check_recorder(target, problem);
    if (!err && (!ram_open(&target->missing, machine) || !greet(target)))
        err = problem_memory(problem, "the machine that arrives");
    while (!err && !done && !target->owns)
        err = receive(target, &done);
    if (!err && done) {
        /* Before they run; if the source does not hear it, it will ask. */
        (void)!say_mine(target);
        target->owns = true;
    }
    *problem = err ? *problem : (struct problem){.text = ""};
    if (err && recorder)
        recorder->machine = NULL; /* the recording is the source's to complete */
    if (err)
        tell_failure(target);
    return err;
}

/* ---- While the VMs run here ---- */

static void hear_source(struct target *target)
{
    for (unsigned i = 0; i < MESSAGES_A_LOOK && target->channel.fd >= 0; i++) {
        struct frame message;
        enum channel_news news = CHANNEL_BROKEN;

        if (channel_send(&target->channel))
            news = channel_receive(&target->channel, &message);
        if (news == CHANNEL_NOTHING)
            return;
        if (news == CHANNEL_MESSAGE && channel_is(&message, MESSAGE_BYE))
            target->confirmed = true;
        else if (news == CHANNEL_BROKEN || !target->post_copy || !take_pages(target, &message))
            channel_close(&target->channel);
        if (news == CHANNEL_MESSAGE)
            frame_free(&message);
    }
}

/* Somebody asks: a message at a time, as it comes. */
static void hear_asking(struct target *target)
{
    struct frame message;
    enum channel_news news;
    char magic[MESSAGES_MAGIC_LEN];

    if (!target->asked) {
        news = channel_receive_raw(&target->asking, magic, sizeof magic);
        target->asked = news == CHANNEL_MESSAGE;
        if (news == CHANNEL_BROKEN)
            channel_close(&target->asking);
        if (!target->asked)
            return;
    }
    news = channel_receive(&target->asking, &message);
    if (news == CHANNEL_NOTHING)
        return;
    if (news == CHANNEL_MESSAGE && is_take(target, &message)) {
        adopt_connection(target, &target->asking);
        (void)!say_mine(target);
    } else {
        channel_close(&target->asking);
    }
    if (news == CHANNEL_MESSAGE)
        frame_free(&message);
}

static void look(struct target *target)
{
    struct channel channel;

    hear_source(target);
    if (target->follows && !target_is_incomplete(target))
        fulfil(target);
    if (callers_accept(target->listener, &channel, ASKING_MOST, 0)) {
        channel_close(&target->asking);
        target->asking = channel;
        target->asked = false;
    }
    if (target->asking.fd >= 0)
        hear_asking(target);
}

void target_look(struct target *target)
{
    uint64_t now = machine_clock(NULL);

    if (now - target->looked < LOOK_NS)
        return;
    target->looked = now;
    look(target);
}

/* A source that has not said that it knows may still ask. */
static void linger(struct target *target)
{
    uint64_t start = machine_clock(NULL);

    while (!target->confirmed && !peer_has_ended(&target->peer, 0) &&
           machine_clock(NULL) - start < LINGER_MS * (uint64_t)1000000) {
        struct pollfd fds[] = {{.fd = target->listener, .events = POLLIN},
                               {.fd = target->asking.fd, .events = POLLIN},
                               {.fd = target->channel.fd, .events = POLLIN}};

        (void)poll(fds, 3, STEP_MS);
        look(target);
    }
}

void target_finish(struct target *target)
{
    if (!target->owns)
        return;
    target->missing.count = 0; /* nobody needs it any more */
    look(target);
    linger(target);
}

void target_close(struct target *target)
{
    channel_close(&target->channel);
    channel_close(&target->asking);
    peer_close(&target->peer);
    ram_close(&target->missing);
    recording_close(&target->head);
    free(target->record);
    if (target->listener >= 0) {
        close(target->listener);
        if (*target->path)
            unlink(target->path);
    }
    target->listener = -1;
}
