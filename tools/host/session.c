/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.c - the main loop of a run. Keys are polled between steps, at most a thousand times a
 * second; output is flushed after each step that produced some.
 */
#include "tools/host/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/host/keys.h"
#include "tools/host/machine.h"
#include "tools/host/net.h"

#define NS_PER_TICK (1000000000u / BOARD_TIMEBASE_HZ)
#define NS_PER_MS 1000000u
#define LOOK_NS NS_PER_MS
#define NAP_MOST_MS 1000u
#define ATTEND_MS 10 /* between two looks at the keyboard */

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct session_port *port = owner;

    port->printed = true;
    port->bytes_out += len;
    if (port->session->tap.out)
        port->session->tap.out(port->session->tap.owner, port->vm, bytes, len);
    consoles_put(&port->session->consoles, port->vm, bytes, len);
}

static int console_in(void *owner)
{
    struct session_port *port = owner;
    int byte;

    /* The guest's output so far must be visible before waiting for input. */
    if (port->input.from_stdin)
        consoles_flush(&port->session->consoles);
    byte = input_next(&port->input);
    port->bytes_in += byte >= 0;
    return byte;
}

/* Interrupts and calls of any kind are no faults. */
static bool is_fault(uint32_t cause)
{
    return cause < CAUSE_EXCEPTIONS && cause != CAUSE_ECALL_USER &&
           cause != CAUSE_ECALL_SUPERVISOR && cause != CAUSE_BREAKPOINT;
}

static void observe(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct session_port *port = owner;

    if (port->fault.seen || port->printed || !is_fault(trap->cause) || board_serves(hart, trap))
        return;
    port->fault = (struct session_fault){
        .seen = true,
        .paging = hart->satp != 0,
        .cause = trap->cause,
        .tval = trap->tval,
        .pc = hart->pc,
        .retired = hart->retired,
    };
}

struct board_host session_board(struct session *session, unsigned vm)
{
    return (struct board_host){
        .console_out = console_out,
        .console_in = console_in,
        .observe = observe,
        .owner = &session->ports[vm],
        .net = nets_board(session->nets, vm),
    };
}

/* Standard input is VM 0's if nobody said otherwise, and nobody's who was given a command. */
static bool takes_stdin(const struct options *options, unsigned vm)
{
    return vm == 0 && !options->inputs.count && !options->appends.count &&
           !isatty(STDIN_FILENO);
}

/* What is typed comes through a console that somebody attaches to (docs/control.md). */
static bool is_attached(const char *path)
{
    return path && !strcmp(path, INPUT_CONSOLE);
}

static enum pz_err open_input(struct session *session, const struct options *options,
                              unsigned vm, struct problem *problem)
{
    struct input *input = &session->ports[vm].input;
    const char *path = options_word(&options->inputs, vm, NULL);
    enum pz_err err;

    if (path && !strcmp(path, "-") && options->inputs.count == 1 && vm > 0)
        path = NULL; /* it cannot be read twice */
    if (!path && takes_stdin(options, vm))
        path = "-";
    if (is_attached(path)) {
        session->paced = !options->no_pace;
        input_empty(input, true);
        return PZ_OK;
    }
    if (!path) {
        input_empty(input, session->interactive);
        return PZ_OK;
    }
    err = input_open(input, path, session->interactive, problem);
    input->no_wait = options->name || options->control;
    return err;
}

static struct consoles_style style_of(const struct session *session,
                                      const struct options *options)
{
    bool color = options->color == COLOR_ALWAYS ||
                 (options->color == COLOR_AUTO && terminal_colors(STDOUT_FILENO));

    return (struct consoles_style){
        .keep = options->json || options->threads > 1,
        .prefix = session->count > 1,
        .color = color,
        .live = session->interactive,
        .screen = session->interactive && terminal_wipes(STDOUT_FILENO),
    };
}

enum pz_err session_open(struct session *session, const struct options *options, unsigned count,
                         struct problem *problem)
{
    enum pz_err err;

    memset(session, 0, sizeof *session);
    session->count = count;
    session->focus = (unsigned)options->focus;
    session->interactive = terminal_interactive() && !options->json && options->threads < 2;
    session->ports = calloc(count, sizeof *session->ports);
    if (!session->ports)
        return problem_memory(problem, "the consoles");
    err = consoles_open(&session->consoles, stdout, count, style_of(session, options), problem);
    if (!err)
        err = nets_open(&session->nets, options, problem);
    session->paced = session->interactive && !options->no_pace;
    consoles_set_front(&session->consoles, session->focus);
    for (unsigned vm = 0; vm < count; vm++) {
        session->ports[vm].session = session;
        session->ports[vm].vm = vm;
        if (!err)
            err = open_input(session, options, vm, problem);
    }
    return err;
}

void session_close(struct session *session)
{
    for (unsigned vm = 0; session->ports && vm < session->count; vm++)
        input_close(&session->ports[vm].input);
    free(session->ports);
    session->ports = NULL;
    nets_close(session->nets);
    session->nets = NULL;
    consoles_close(&session->consoles);
}

uint64_t session_elapsed(const struct session *session)
{
    return machine_clock(NULL) - session->start;
}

/* What guests' time should be by now. */
static uint64_t guest_time(const struct session *session)
{
    return session->resumed + session_elapsed(session) / NS_PER_TICK;
}

static uint64_t horizon(const struct session *session)
{
    return session->paced ? guest_time(session) : VMM_NO_HORIZON;
}

/* How long nothing will happen by itself, in ms, rounded up. */
static unsigned nap(const struct session *session)
{
    uint64_t wake = session->ops->wake(session->machine);
    uint64_t now = guest_time(session);
    uint64_t ms;

    if (wake <= now)
        return 1;
    ms = (wake - now) / (BOARD_TIMEBASE_HZ / 1000) + 1;
    return ms < NAP_MOST_MS ? (unsigned)ms : NAP_MOST_MS;
}

/* All keys that are there; the first is waited for up to `ms`. */
static void take_keys(struct session *session, int ms)
{
    int key;

    while (!session->quit && (key = terminal_key(ms)) != TERMINAL_NO_KEY) {
        if (key == TERMINAL_GONE)
            session->quit = true;
        else
            keys_take(session, (uint8_t)key);
        ms = 0;
    }
}

static void look_at_keys(struct session *session)
{
    uint64_t now;

    if (!session->interactive)
        return;
    now = session_elapsed(session);
    if (now - session->last_look < LOOK_NS)
        return;
    session->last_look = now;
    take_keys(session, 0);
}

static void wait(struct session *session)
{
    const struct session_ops *ops = session->ops;
    unsigned ms = session->paced ? nap(session) : ATTEND_MS;
    bool attended =
        ops->attend && ops->attend(session->machine, ms < ATTEND_MS ? (int)ms : ATTEND_MS);

    if (session->interactive)
        take_keys(session, attended ? 0 : (int)nap(session));
    else if (!attended)
        session->quit = true; /* nothing can ever wake it */
}

static bool goes_on(const struct session *session)
{
    return !session->quit && !terminal_signal() && !consoles_failed(&session->consoles);
}

static void loop(struct session *session)
{
    enum session_step step = SESSION_RAN;

    while (step != SESSION_DONE && goes_on(session)) {
        step = session->ops->step(session->machine, horizon(session));
        consoles_flush(&session->consoles);
        if (step == SESSION_WAITING)
            wait(session);
        else
            look_at_keys(session);
    }
}

enum pz_err session_run(struct session *session, const struct session_ops *ops, void *machine,
                        struct problem *problem)
{
    enum pz_err err = PZ_OK;

    session->ops = ops;
    session->machine = machine;
    terminal_catch_signals();
    if (session->interactive)
        err = terminal_raw(problem);
    if (err)
        return err;
    session->start = machine_clock(NULL);
    if (session->interactive)
        keys_greet(session);
    loop(session);
    consoles_finish(&session->consoles);
    terminal_restore();
    return consoles_problem(&session->consoles, problem);
}
