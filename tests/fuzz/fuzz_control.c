/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_control.c - what clients may send to a run: anything, whole or in pieces, a few of them at a
 * time, who stop sending, go away, or do not read. Each line gets one answer, which has what
 * docs/control.schema.json says; nothing of a client reaches another.
 *
 * The input is a list of steps: a byte says which client does what, and one how many bytes follow.
 * Bytes are sent as they are, or each stands for a word of the protocol, so that most of what comes
 * out is nearly a request. Nothing is written, and no process is started: the run has --profile,
 * with which a machine is neither saved nor moved.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "tests/fuzz/fuzz.h"
#include "tools/control/control.h"

#define CLIENTS 4u
#define VMS 2u
#define ROOM (256u << 10)

enum { RAW, WORDS_OF, PRINT, END, LEAVE, READ, STEPS };

static const char *const words[] = {
    "{\"pz-control\":1,\"do\":\"",
    "\"}\n",
    "\",",
    "}\n",
    ",",
    "\n",
    "status",
    "pause",
    "resume",
    "kill",
    "stop",
    "save",
    "stats",
    "metrics",
    "set",
    "console",
    "migrate",
    "clone",
    "\"vm\":",
    "\"id\":",
    "0",
    "1",
    "2",
    "-1",
    "100",
    "9999999999",
    "99999999999999999999",
    "1.5",
    "1e999",
    "true",
    "null",
    "\"x\"",
    "\"/x\"",
    "[",
    "]",
    "{",
    "\"shares\":",
    "\"cap\":",
    "\"reserve\":",
    "\"mem\":",
    "\"cpus\":",
    "\"disk-rate\":",
    "\"disk-ops\":",
    "\"net-rate\":",
    "\"net-ops\":",
    "\"file\":",
    "\"since\":",
    "\"stop\":",
    "\"name\":",
    "\"count\":",
    "\"identity\":",
    "\"share\":",
    "\"to\":",
    "\"bandwidth\":",
    "\"post-copy\":",
    "\"\\u0000\"",
    "\xff",
    "65536",
    "{\"pz-control\":1,\"do\":\"stats\",\"id\":\"a\"}\n",
    "{\"pz-control\":2,\"do\":\"status\"}\n",
    "{\"pz-control\":1,\"do\":\"metrics\"}\n",
    "                                                                                          "};
#define WORDS (sizeof words / sizeof words[0])

static struct options options;
static struct machine machine;
static struct session session;
static struct session_port ports[VMS];
static struct meters meters;
static const struct bill bill = {
    .has = true, .currency = "EUR", .prices = {[METER_EXITS] = 1, [METER_MONITOR] = 2}};
static struct source source;
static struct control control;

struct user {
    int fd;
    bool ended; /* it sends no more */
    bool console;
    bool refused;      /* it has sent a line that is too long */
    size_t lines;      /* sent whole, and perhaps not answered yet */
    size_t unfinished; /* bytes sent since the last whole line */
    char heard[ROOM];
    size_t len;
};

static struct user users[CLIENTS];

static void changed(void *owner, unsigned vm)
{
    (void)owner;
    MUST(vm < VMS);
}

static void begin(void)
{
    static const char *line[] = {"run", "--vms",     "2", "--mem",
                                 "1M",  "--balloon", "0", PZ_GUESTS "/t_churn.elf"};
    const struct board_host boards[VMS] = {0};
    const struct machine_hosts hosts = {.boards = boards};
    const struct engines_kind *kind;
    struct problem problem;

    MUST(!options_read(&options, OPTIONS_RUN, 8, (char **)(uintptr_t)line, &problem));
    MUST(!engines_choose("spec", false, &kind, &problem));
    MUST(!machine_open(&machine, &options, kind, &hosts, &problem));
    options.profile = "x";
    session = (struct session){.ports = ports, .count = VMS};
    for (unsigned k = 0; k < VMS; k++)
        input_empty(&ports[k].input, false);
    MUST(!meters_open(&meters, VMS, &problem));
    meters_start(&meters, &machine, &session);
    source_open(&source, &options, &machine, &session, NULL);
    control = (struct control){.fd = -1};
    control_start(&control, &(struct request_host){.options = &options,
                                                   .machine = &machine,
                                                   .session = &session,
                                                   .source = &source,
                                                   .meters = &meters,
                                                   .bill = &bill,
                                                   .paused = changed,
                                                   .ended = changed});
}

static void end(void)
{
    control_close(&control);
    source_close(&source);
    meters_close(&meters);
    machine_close(&machine);
    for (unsigned k = 0; k < VMS; k++)
        input_close(&ports[k].input);
    options.profile = NULL;
    options_free(&options);
}

/* A connection as if it had come to the socket. */
static void come(unsigned k)
{
    int pair[2];

    MUST(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair));
    users[k] = (struct user){.fd = pair[0]};
    control.clients[k] =
        (struct control_client){.fd = pair[1], .open = true, .console = REQUESTS_NO_CONSOLE};
}

static void look(void)
{
    int null = open("/dev/null", 0);

    control.fd = null; /* somebody listens, and nobody comes */
    control.looked = 0;
    control_look(&control);
    control.fd = -1;
    close(null);
}

/* ---- Answers ---- */

static void check_vm(const json_t *vm)
{
    MUST(json_is_integer(json_object_get(vm, "vm")));
    MUST(json_is_string(json_object_get(vm, "state")));
    MUST(json_is_integer(json_object_get(vm, "instructions")));
}

/*
 * Each answer is for a whole line, or refuses one that became too long, perhaps before its end. The
 * server reads nothing after that.
 */
static void check_asked(struct user *user, const json_t *answer)
{
    const char *error = json_string_value(json_object_get(answer, "error"));

    user->refused |= error && strstr(error, "too long");
    MUST(user->lines || (user->refused && user->unfinished >= CONTROL_LINE));
    if (user->lines)
        user->lines--;
}

static void check_answer(struct user *user, const char *line, size_t len)
{
    json_t *answer = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL), *vm, *vms;
    const char *did;
    size_t i;

    MUST(json_is_object(answer));
    check_asked(user, answer);
    MUST(json_integer_value(json_object_get(answer, "pz-control")) == 1);
    MUST(json_is_boolean(json_object_get(answer, "ok")));
    did = json_string_value(json_object_get(answer, "do"));
    if (json_is_true(json_object_get(answer, "ok"))) {
        MUST(did);
        vms = json_object_get(answer, "vms");
        MUST(json_array_size(vms) <= VMS && (vms || !strcmp(did, "metrics")));
        json_array_foreach(vms, i, vm) check_vm(vm);
        user->console = !strcmp(did, "console");
    } else {
        MUST(!did && json_is_string(json_object_get(answer, "error")));
    }
    json_decref(answer);
}

static void hear(struct user *user)
{
    char *end;
    ssize_t got;

    while ((got = recv(user->fd, user->heard + user->len, ROOM - user->len, 0)) > 0) {
        user->len += (size_t)got;
        while (!user->console && (end = memchr(user->heard, '\n', user->len))) {
            check_answer(user, user->heard, (size_t)(end - user->heard));
            user->len -= (size_t)(end + 1 - user->heard);
            memmove(user->heard, end + 1, user->len);
        }
        for (size_t i = 0; user->console && i < user->len; i++)
            MUST(user->heard[i] == 'p');
        if (user->console)
            user->len = 0;
        MUST(user->len < ROOM);
    }
}

/* ---- Steps ---- */

static void say(struct user *user, const char *bytes, size_t len)
{
    ssize_t sent = user->ended ? 0 : send(user->fd, bytes, len, MSG_NOSIGNAL);

    for (ssize_t i = 0; i < sent; i++) {
        user->lines += bytes[i] == '\n';
        user->unfinished = bytes[i] == '\n' ? 0 : user->unfinished + 1;
    }
}

static void say_words(struct user *user, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        say(user, words[bytes[i] % WORDS], strlen(words[bytes[i] % WORDS]));
}

static void print(unsigned vm, size_t len)
{
    static uint8_t bytes[4096];

    memset(bytes, 'p', sizeof bytes);
    for (size_t i = 0; i < len; i++)
        control_printed(&control, vm, bytes, sizeof bytes);
}

static void step(struct user *user, unsigned what, const uint8_t *bytes, size_t len)
{
    switch (what % STEPS) {
    case RAW: say(user, (const char *)bytes, len); break;
    case WORDS_OF: say_words(user, bytes, len); break;
    case PRINT: print((unsigned)len % VMS, len); break;
    case END:
        user->ended = true;
        (void)shutdown(user->fd, SHUT_WR);
        break;
    case LEAVE:
        close(user->fd);
        if (control.clients[user - users].open)
            look();
        if (control.clients[user - users].open) /* it has yet to find out */
            close(control.clients[user - users].fd);
        free(control.clients[user - users].answers);
        come((unsigned)(user - users));
        break;
    default: hear(user); break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin();
    for (unsigned k = 0; k < CLIENTS; k++)
        come(k);
    while (size >= 2) {
        size_t len = data[1] < size - 2 ? data[1] : size - 2;

        step(&users[data[0] % CLIENTS], data[0] / CLIENTS, data + 2, len);
        look();
        data += 2 + len;
        size -= 2 + len;
    }
    for (unsigned i = 0; i < 64; i++) {
        look();
        for (unsigned k = 0; k < CLIENTS; k++)
            hear(&users[k]);
    }
    for (unsigned k = 0; k < CLIENTS; k++) {
        MUST(!users[k].lines || users[k].console || users[k].refused || users[k].ended ||
             !control.clients[k].open);
        close(users[k].fd);
    }
    for (unsigned k = 0; k < VMS; k++)
        MUST(vm_shadow_check(&machine.vms[k], NULL) == 0);
    end();
    return 0;
}
