/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - `pz dap`: the process around a session, on standard input and output or at a port
 * of this host. While guests run, a timer signal checks for messages, so that a run is as fast
 * as without a client. The signal handler needs a global pointer, so there is one session.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "tools/base/base.h"
#include "tools/dap/dap.h"
#include "tools/dap/session.h"

#define LOOK_US 20000 /* how often the timer looks */

static struct dap *volatile looking; /* whose guests run now */
static volatile sig_atomic_t for_output;

static bool has_printed(const struct debug *debug)
{
    for (unsigned vm = 0; vm < debug->consoles.count; vm++)
        if (debug->consoles.texts[vm].len)
            return true;
    return false;
}

static void on_timer(int number)
{
    const struct dap *dap = looking;

    (void)number;
    if (dap && (wire_ready(&dap->wire) || (for_output && has_printed(dap->debug))))
        debug_interrupt(dap->debug);
}

void dap_interruptible(struct dap *dap, bool running, bool output)
{
    struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
    struct itimerval timer = {{0, running ? LOOK_US : 0}, {0, running ? LOOK_US : 0}};

    sigemptyset(&action.sa_mask);
    looking = running ? dap : NULL;
    for_output = output;
    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &timer, NULL);
}

/* ---- The session ---- */

static enum pz_err serve(struct dap *dap, struct problem *problem)
{
    while (!dap->over && !dap->wire.gone) {
        if (dap_serve_one(dap))
            continue;
        if (dap->move != DAP_STAY)
            dap_go(dap);
        else if (dap->wire.ended)
            return problem_set(problem, PZ_FAILED,
                               "the editor closed the connection without disconnecting");
        else if (!wire_fill(&dap->wire))
            return problem_memory(problem, "a message");
    }
    if (dap->broken)
        return problem_set(problem, PZ_FAILED,
                           "the input is not a message of the Debug Adapter Protocol");
    return PZ_OK;
}

static void close_session(struct dap *dap)
{
    dap_points_close(dap);
    if (dap->debug)
        debug_close(dap->debug);
    free(dap->debug);
    if (dap->recorded)
        recording_close(&dap->recording);
    if (dap->has_options)
        options_free(&dap->options);
    json_decref(dap->launch);
    wire_close(&dap->wire);
}

static enum pz_err serve_at(int in, int out, struct problem *problem)
{
    struct dap *dap = calloc(1, sizeof *dap);
    enum pz_err err;

    if (!dap)
        return problem_memory(problem, "the session");
    (void)signal(SIGPIPE, SIG_IGN);
    dap->speaker = -1;
    wire_open(&dap->wire, in, out);
    err = serve(dap, problem);
    close_session(dap);
    free(dap);
    return err;
}

/* ---- Where ---- */

/* What is printed by whatever means must not come among the messages. */
static enum pz_err serve_standard(struct problem *problem)
{
    int in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO), none = open("/dev/null", O_RDONLY);
    enum pz_err err;

    if (in < 0 || out < 0 || none < 0 || dup2(none, STDIN_FILENO) < 0 ||
        dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return problem_set(problem, PZ_HOST, "standard input and output: %s", strerror(errno));
    close(none);
    err = serve_at(in, out, problem);
    close(in);
    close(out);
    return err;
}

static int listen_at(uint16_t port, struct sockaddr_in *name)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    socklen_t len = sizeof *name;

    *name = (struct sockaddr_in){.sin_family = AF_INET,
                                 .sin_port = htons(port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0)
        return -1;
    (void)!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!bind(fd, (const struct sockaddr *)name, sizeof *name) && !listen(fd, 1) &&
        !getsockname(fd, (struct sockaddr *)name, &len))
        return fd;
    close(fd);
    return -1;
}

static enum pz_err serve_port(const char *text, struct problem *problem)
{
    const struct parse_range range = {0, 65535};
    struct sockaddr_in name;
    uint64_t port = 0;
    enum pz_err err = parse_count("--port", text, range, &port, problem);
    int fd, client, on = 1;

    if (err)
        return err;
    fd = listen_at((uint16_t)port, &name);
    if (fd < 0)
        return problem_set(problem, PZ_HOST, "--port %u: %s", (unsigned)port, strerror(errno));
    fprintf(stderr, "pz dap: waiting for an editor at port %u of this host\n",
            (unsigned)ntohs(name.sin_port));
    client = accept(fd, NULL, NULL);
    close(fd);
    if (client < 0)
        return problem_set(problem, PZ_HOST, "--port %u: %s", (unsigned)port, strerror(errno));
    (void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    err = serve_at(client, client, problem);
    close(client);
    return err;
}

enum pz_err command_dap(const struct options *options, struct problem *problem)
{
    problem->text[0] = '\0';
    return options->port ? serve_port(options->port, problem) : serve_standard(problem);
}
