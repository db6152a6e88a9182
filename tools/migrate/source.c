/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - the source's states, and what leads from one to the next. While the VMs run nothing
 * here waits for the target; while they stand still there is nothing else to do.
 */
#include "tools/migrate/source.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/migrate/source_put.h"

#define NS_PER_S 1000000000u
#define NS_PER_MS 1000000u
#define PATIENCE_MS 10000 /* of VMs that stand still, with a target that is silent */
#define GREETING_NS (60 * (uint64_t)NS_PER_S)
#define ASK_NS (200 * (uint64_t)NS_PER_MS) /* in doubt: between two attempts to ask */
#define LOOK_NS (2 * (uint64_t)NS_PER_MS)  /* of work at one look, while the VMs run */
#define STOP_PAGES 128u                    /* so few are sent while they stand still */
#define ROUNDS_MOST 30u
#define STUCK_MOST 3u
#define TARGET_MOST (1u << 20) /* bytes of a message of the target's, with post-copy */

static const char *const state_names[SOURCE_STATES] = {
    [SOURCE_AT_HOME] = "none",    [SOURCE_GREETING] = "greeting", [SOURCE_ROUNDS] = "pre-copy",
    [SOURCE_DOUBT] = "in doubt",  [SOURCE_PUSHING] = "post-copy", [SOURCE_MOVED] = "moved",
    [SOURCE_UNDOING] = "undoing", [SOURCE_RETAKING] = "no disk",
};

void source_open(struct source *source, const struct options *options, struct machine *machine,
                 struct session *session, struct recorder *recorder)
{
    *source = (struct source){.options = options,
                              .machine = machine,
                              .session = session,
                              .recorder = recorder,
                              .channel.fd = -1,
                              .peer.pidfd = -1};
}

bool source_holds(const struct source *source)
{
    return source->state >= SOURCE_DOUBT;
}

/* ---- Tracking ---- */

static void track(struct source *source, bool on)
{
    const struct machine *machine = source->machine;

    for (unsigned k = 0; k < machine->count; k++) {
        struct vm *vm = &machine->vms[k];

        if (machine_released(machine, k))
            vm->dirty = NULL;
        else if (on)
            dirty_start(vm, source->dirty.bits[k]);
        else
            dirty_stop(vm);
    }
}

/* What was written since the last time is what is left. */
static void begin_round(struct source *source)
{
    for (unsigned k = 0; k < source->machine->count; k++)
        if (!machine_released(source->machine, k))
            (void)dirty_take(&source->machine->vms[k], source->left.bits[k]);
    ram_count(&source->left);
}

/* ---- Ends ---- */

static void hang_up(struct source *source)
{
    source->figures.bytes += source->channel.sent;
    source->channel.sent = 0;
    channel_close(&source->channel);
}

static void drop_memory(struct source *source)
{
    ram_close(&source->dirty);
    ram_close(&source->left);
    free(source->message);
    source->message = NULL;
}

/* The VMs are not this process's any more. */
static void leave(struct source *source)
{
    if (source->channel.fd >= 0 && channel_put(&source->channel, MESSAGE_BYE, NULL, 0))
        (void)!channel_send(&source->channel);
    source->figures.all_ns = machine_clock(NULL) - source->start;
    source->state = SOURCE_MOVED;
    source->over = true;
    hang_up(source);
    peer_close(&source->peer);
    drop_memory(source);
}

/* They stay, and run on as soon as their disks and the host's ports are here. */
static void retake(struct source *source)
{
    struct problem unheard;

    source->state = SOURCE_RETAKING;
    if (machine_take_disks(source->machine, &unheard) ||
        nets_listen(source->session->nets, &unheard))
        return;
    source->state = SOURCE_AT_HOME;
    source->over = true;
}

static void stay(struct source *source, bool had_stopped)
{
    hang_up(source);
    peer_close(&source->peer);
    track(source, false);
    drop_memory(source);
    source->state = SOURCE_AT_HOME;
    source->marked = false;
    if (had_stopped)
        retake(source);
    else
        source->over = true;
}

static void undo(struct source *source)
{
    if (!channel_send(&source->channel) || channel_is_idle(&source->channel))
        stay(source, true);
}

/*
 * A target that has everything takes the VMs over when this process ends without a word. So it has
 * to have been told before they run on here.
 */
static void give_up(struct source *source, bool had_stopped)
{
    bool put = channel_put(&source->channel, MESSAGE_UNDO, NULL, 0);

    source->state = SOURCE_UNDOING;
    if (put && had_stopped) {
        undo(source);
        return;
    }
    (void)!channel_send(&source->channel);
    stay(source, had_stopped);
}

static void fail(struct source *source, bool had_stopped, const char *why)
{
    (void)problem_set(&source->problem, PZ_FAILED, "the VMs go on here: %s", why);
    give_up(source, had_stopped);
}

/* What the target says is a text of its own. */
static void refused(struct source *source, bool had_stopped, const struct frame *message)
{
    (void)problem_set(&source->problem, PZ_FAILED,
                      "the VMs go on here: the target says: %.300s",
                      (const char *)message->bytes);
    stay(source, had_stopped);
}

void source_close(struct source *source)
{
    if (source->state == SOURCE_GREETING || source->state == SOURCE_ROUNDS)
        fail(source, false, "the run is over");
    hang_up(source);
    peer_close(&source->peer);
    drop_memory(source);
}

/* ---- Beginning ---- */

static const char *refusal(const struct source *source, const struct source_order *order)
{
    const struct options *options = source->options;

    if (source->state == SOURCE_DOUBT)
        return "migrate: whether the VMs run elsewhere is in doubt: pz resume or pz kill first";
    if (source->state != SOURCE_AT_HOME)
        return "migrate: one is under way already";
    if (options->record && order->post_copy)
        return "migrate: not with --record and post-copy: a recording is checked against all of "
               "memory";
    if (!recorder_can_move(source->recorder))
        return "migrate: the file of --record is not a regular file, which could move along";
    if (options->save || options->profile || options->perf_map)
        return "migrate: not with --save, --profile or --perf-map";
    if (options->clones && options->disks.count)
        return "migrate: clones with disks cannot move: their writes to disk are not kept";
    return NULL;
}

/* Pages may be in the file still that the machine was restored from. */
static bool settle(struct machine *machine)
{
    for (unsigned k = 0; k < machine->count; k++)
        if (!machine_released(machine, k) && !pmap_settle(&machine->vms[k].pmap))
            return false;
    return true;
}

static bool prepare(struct source *source)
{
    source->message = malloc(RAM_MESSAGE);
    return source->message && ram_open(&source->dirty, source->machine) &&
           ram_open(&source->left, source->machine);
}

/* Whether disks are the same is seen when the VMs stand still: now they are written to. */
static json_t *machine_of(const struct source *source)
{
    struct options options = *source->options;
    json_t *head, *disks = json_array();

    for (unsigned i = 0; i < options.disks.count; i++)
        json_array_append_new(disks, json_string(options.disks.at[i]));
    options.disks.count = 0;
    head = recording_head(&options, source->machine);
    json_put(head, "disks", disks);
    json_put(head, "disk_hashes", json_array());
    return head;
}

static json_t *head_of(const struct source *source)
{
    json_t *head = machine_of(source);
    char self[PEER_TEXT];
    char *record = source->options->record ? realpath(source->options->record, NULL) : NULL;

    peer_self(self);
    json_put_text(head, "process", self);
    json_put(head, "record",
             source->options->record ? json_string(record ? record : source->options->record)
                                     : json_null());
    free(record);
    json_put(head, "post-copy", json_boolean(source->post_copy));
    return head;
}

static bool greet(struct source *source)
{
    return channel_put_raw(&source->channel, MESSAGES_MAGIC, MESSAGES_MAGIC_LEN) &&
           channel_put_fields(&source->channel, MESSAGE_HEAD, head_of(source)) &&
           channel_send(&source->channel);
}

const char *source_start(struct source *source, const struct source_order *order)
{
    const char *wrong = refusal(source, order);

    if (wrong)
        return wrong;
    if (!*order->to || strlen(order->to) > LOCALSOCKET_PATH)
        return "migrate: 'to' must be the path of a socket, of at most 107 characters";
    if (!settle(source->machine))
        return "migrate: the file that the machine came from cannot be read";
    source_open(source, source->options, source->machine, source->session, source->recorder);
    strcpy(source->path, order->to);
    source->bandwidth = order->bandwidth;
    source->post_copy = order->post_copy;
    source->start = machine_clock(NULL);
    if (!channel_open(&source->channel, localsocket_connect(source->path), TARGET_MOST)) {
        (void)problem_set(&source->problem, PZ_FAILED,
                          "migrate: %.110s: %s (pz receive must be waiting there)",
                          source->path, strerror(errno));
        return source->problem.text;
    }
    if (!prepare(source) || !greet(source)) {
        hang_up(source);
        drop_memory(source);
        return "migrate: the VMs go on here: the target hangs up";
    }
    source->state = SOURCE_GREETING;
    return NULL;
}

/* It has a machine of the same kind. */
static void heed_ready(struct source *source, const struct frame *message)
{
    json_t *fields = json_loadb((const char *)message->bytes, message->len, 0, NULL);
    const char *id = json_string_value(json_object_get(fields, "id"));

    if (id && strlen(id) == MESSAGES_ID) {
        memcpy(source->id, id, MESSAGES_ID);
        peer_open(&source->peer, source->channel.fd,
                  json_string_value(json_object_get(fields, "process")));
        track(source, true);
        begin_round(source);
        source->round_pages = source->left.count;
        source->figures.rounds = 1;
        source->state = SOURCE_ROUNDS;
    } else {
        fail(source, false, "the target talks nonsense");
    }
    json_decref(fields);
}

static void look_for_ready(struct source *source)
{
    struct frame message;
    enum channel_news news = CHANNEL_BROKEN;

    if (channel_send(&source->channel))
        news = channel_receive(&source->channel, &message);
    if (news == CHANNEL_BROKEN)
        fail(source, false, "the target hangs up");
    else if (news == CHANNEL_NOTHING && machine_clock(NULL) - source->start > GREETING_NS)
        fail(source, false, "the target is silent");
    if (news != CHANNEL_MESSAGE)
        return;
    if (channel_is(&message, MESSAGE_MADE))
        heed_ready(source, &message);
    else if (channel_is(&message, MESSAGE_FAIL))
        refused(source, false, &message);
    else
        fail(source, false, "the target talks nonsense");
    frame_free(&message);
}

/* ---- Rounds ---- */

/* By --bandwidth, have enough bytes been sent for now? */
static bool is_throttled(const struct source *source)
{
    uint64_t ms = (machine_clock(NULL) - source->start) / NS_PER_MS;

    return source->bandwidth &&
           source->channel.sent / source->bandwidth * 1000 +
                   source->channel.sent % source->bandwidth * 1000 / source->bandwidth >
               ms;
}

/* As much as the socket takes, for a while. False: broken. */
static bool send_pages(struct source *source)
{
    uint64_t start = machine_clock(NULL);

    do {
        if (!channel_send(&source->channel))
            return false;
        if (!channel_is_idle(&source->channel) || !source->left.count || is_throttled(source))
            return true;
        if (!source_put_pages(source))
            return false;
    } while (machine_clock(NULL) - start < LOOK_NS);
    return channel_send(&source->channel);
}

/* Memory that is written as fast as it is sent will never be there: at some time, enough. */
static bool is_time_to_stop(struct source *source)
{
    uint64_t left = source->left.count;

    source->stuck = left > source->round_pages / 8 * 7 ? source->stuck + 1 : 0;
    return left <= STOP_PAGES || source->post_copy || source->stuck >= STUCK_MOST ||
           source->figures.rounds >= ROUNDS_MOST;
}

static void hand_over(struct source *source);

/* All of a round is with the target, not only on its way. */
static void end_round(struct source *source)
{
    source->marked = false;
    begin_round(source);
    if (is_time_to_stop(source)) {
        hand_over(source);
        return;
    }
    source->round_pages = source->left.count;
    source->figures.rounds++;
}

static void heed_progress(struct source *source, const struct frame *message)
{
    if (channel_is(message, MESSAGE_FAIL))
        refused(source, false, message);
    else if (channel_is(message, MESSAGE_MARK) && source->marked)
        end_round(source);
    else
        fail(source, false, "the target talks nonsense");
}

/* A round is over when its pages, and what was recorded before, are on their way. */
static void mark(struct source *source)
{
    bool more = false;

    if (channel_is_idle(&source->channel) && !source_put_past(source, &more))
        fail(source, false, "the connection to the target broke");
    else if (!more)
        source->marked = channel_put(&source->channel, MESSAGE_MARK, NULL, 0);
}

static void go_on(struct source *source)
{
    struct frame message;
    enum channel_news news = channel_receive(&source->channel, &message);

    if (news == CHANNEL_MESSAGE)
        heed_progress(source, &message);
    else if (news == CHANNEL_BROKEN || !send_pages(source))
        fail(source, false, "the connection to the target broke");
    frame_free(&message);
    if (source->state == SOURCE_ROUNDS && !source->left.count && !source->marked)
        mark(source);
}

/* ---- The VMs stand still ---- */

/* All that the target needs to go on. Each group is on its way while the next is gathered. */
static bool send_rest(struct source *source)
{
    source->figures.left = source->left.count;
    while (!source->post_copy && source->left.count)
        if (!source_put_pages(source) || !channel_send(&source->channel))
            return false;
    return source_send_past(source) && (!source->post_copy || source_put_missing(source)) &&
           source_put_state(source);
}

static void have_moved(struct source *source)
{
    source->figures.down_ns = machine_clock(NULL) - source->stopped;
    if (source->post_copy)
        source->state = SOURCE_PUSHING;
    else
        leave(source);
}

/* From here on they never run here again, unless it is known that they do not run there. */
static void commit(struct source *source)
{
    struct frame message;
    enum channel_news news;

    source->state = SOURCE_DOUBT;
    if (!channel_put(&source->channel, MESSAGE_TAKE, source->id, MESSAGES_ID))
        return;
    news = channel_await(&source->channel, &message, PATIENCE_MS);
    if (news == CHANNEL_MESSAGE && channel_is(&message, MESSAGE_MINE))
        have_moved(source);
    else if (news == CHANNEL_BROKEN)
        hang_up(source);
    frame_free(&message);
}

static void hand_over(struct source *source)
{
    struct frame message = {.len = 0};
    enum channel_news news = CHANNEL_BROKEN;

    source->stopped = machine_clock(NULL);
    consoles_flush(&source->session->consoles);
    if (send_rest(source))
        news = channel_await(&source->channel, &message, PATIENCE_MS);
    if (news == CHANNEL_MESSAGE && channel_is(&message, MESSAGE_HAVE))
        commit(source);
    else if (news == CHANNEL_MESSAGE && channel_is(&message, MESSAGE_FAIL))
        refused(source, true, &message);
    else
        fail(source, true,
             news == CHANNEL_NOTHING ? "the target is silent"
                                     : "the connection to the target broke");
    frame_free(&message);
}

/* ---- In doubt ---- */

bool source_take_back(struct source *source)
{
    if (source->state != SOURCE_DOUBT)
        return false;
    (void)problem_set(&source->problem, PZ_FAILED,
                      "the VMs go on here: the target does not run them");
    if (source->channel.fd >= 0)
        give_up(source, true);
    else
        stay(source, true);
    return true;
}

/* The connection is made again, and the target asked again to take them. */
static void ask_again(struct source *source)
{
    int fd;

    if (machine_clock(NULL) - source->asked < ASK_NS)
        return;
    source->asked = machine_clock(NULL);
    fd = localsocket_connect(source->path);
    if (fd < 0)
        return;
    if (!channel_open(&source->channel, fd, TARGET_MOST) ||
        !channel_put_raw(&source->channel, MESSAGES_MAGIC, MESSAGES_MAGIC_LEN) ||
        !channel_put(&source->channel, MESSAGE_TAKE, source->id, MESSAGES_ID))
        hang_up(source);
}

static void look_for_answer(struct source *source)
{
    struct frame message = {.len = 0};
    enum channel_news news = CHANNEL_BROKEN;

    if (channel_send(&source->channel))
        news = channel_receive(&source->channel, &message);
    if (news == CHANNEL_NOTHING)
        return;
    if (news == CHANNEL_MESSAGE && channel_is(&message, MESSAGE_MINE))
        have_moved(source);
    else if (news == CHANNEL_BROKEN || !source->peer.direct)
        hang_up(source);
    frame_free(&message);
}

/*
 * With nothing between the two processes, `mine` would have been read before the end of the
 * connection; and it is written before the VMs run.
 */
static void doubt(struct source *source)
{
    if (source->channel.fd >= 0)
        look_for_answer(source);
    else if (peer_has_ended(&source->peer, 0))
        (void)source_take_back(source);
    else
        ask_again(source);
}

/* ---- Memory that follows ---- */

static bool put_wanted(struct source *source, const struct frame *message)
{
    const struct machine *machine = source->machine;
    uint32_t vm, page;

    if (message->len != 8)
        return false;
    vm = load_le32(message->bytes);
    page = load_le32(message->bytes + 4);
    if (vm >= machine->count || page >= machine->vms[vm].pmap.size / PAGE_SIZE)
        return false;
    source->figures.pages++;
    return channel_put(&source->channel, MESSAGE_PAGES, source->message,
                       ram_gather_one(&source->left, machine, vm, page, source->message));
}

/* False: nonsense. */
static bool heed_pull(struct source *source, const struct frame *message)
{
    if (channel_is(message, MESSAGE_WANT))
        return put_wanted(source, message);
    if (channel_is(message, MESSAGE_MISSING))
        return ram_unpack(&source->left, source->machine, message->bytes, message->len);
    if (channel_is(message, MESSAGE_FULL)) {
        leave(source);
        return true;
    }
    return channel_is(message, MESSAGE_MINE);
}

/* All messages that are here. False: broken. */
static bool hear_pulls(struct source *source)
{
    while (source->state == SOURCE_PUSHING) {
        struct frame message;
        enum channel_news news = channel_receive(&source->channel, &message);
        bool heeded = news == CHANNEL_MESSAGE && heed_pull(source, &message);

        frame_free(&message);
        if (news == CHANNEL_NOTHING)
            return true;
        if (!heeded)
            return false;
    }
    return true;
}

static void lose(struct source *source)
{
    (void)problem_set(&source->problem, PZ_HOST,
                      "the VMs are lost: the target ended before it had all of their memory");
    leave(source);
}

/* What it asks for first; the rest in order. */
static void push(struct source *source)
{
    if (source->channel.fd < 0) {
        if (peer_has_ended(&source->peer, 0))
            lose(source);
        else
            ask_again(source);
        return;
    }
    if (!hear_pulls(source) || (source->state == SOURCE_PUSHING && !send_pages(source)))
        hang_up(source);
}

/* ---- All states ---- */

void source_look(struct source *source)
{
    switch (source->state) {
    case SOURCE_GREETING: look_for_ready(source); break;
    case SOURCE_ROUNDS: go_on(source); break;
    case SOURCE_DOUBT: doubt(source); break;
    case SOURCE_PUSHING: push(source); break;
    case SOURCE_UNDOING: undo(source); break;
    case SOURCE_RETAKING: retake(source); break;
    case SOURCE_AT_HOME:
    case SOURCE_MOVED:
    case SOURCE_STATES: break;
    }
}

void source_wait(const struct source *source, int ms)
{
    bool more =
        source->left.count && channel_is_idle(&source->channel) && !is_throttled(source);

    channel_wait(&source->channel, more ? 0 : ms);
}

json_t *source_status(const struct source *source)
{
    const struct source_figures *figures = &source->figures;

    return json_pack("{s:s,s:i,s:I,s:I,s:I}", "state", state_names[source->state], "rounds",
                     (int)figures->rounds, "pages", (json_int_t)figures->pages, "left",
                     (json_int_t)source->left.count, "bytes",
                     (json_int_t)(figures->bytes + source->channel.sent));
}

json_t *source_result(struct source *source)
{
    const struct source_figures *figures = &source->figures;

    if (!source->over)
        return NULL;
    source->over = false;
    if (*source->problem.text)
        return json_pack("{s:b,s:s}", "ok", 0, "error", source->problem.text);
    return json_pack(
        "{s:b,s:s,s:s,s:i,s:I,s:I,s:I,s:f,s:f}", "ok", 1, "do", "migrate", "to", source->path,
        "rounds", (int)figures->rounds, "pages", (json_int_t)figures->pages, "last_pages",
        (json_int_t)figures->left, "bytes", (json_int_t)figures->bytes, "down_seconds",
        (double)figures->down_ns * 1e-9, "seconds", (double)figures->all_ns * 1e-9);
}
