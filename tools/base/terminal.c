/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * terminal.c - the few variables that signal handlers need are static; handlers call only what
 * POSIX lets them (tcsetattr, sigaction, raise).
 */
#include "tools/base/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sys/ioctl.h>

static struct termios found, raw;
static volatile sig_atomic_t is_raw; /* the terminal is ours */
static volatile sig_atomic_t noted;  /* the signal to stop for */

bool terminal_interactive(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* In the background a change of the terminal's state would stop us: SIGTTOU is held off. */
static void set_terminal(const struct termios *state)
{
    int saved_errno = errno;
    sigset_t ttou, before;

    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_BLOCK, &ttou, &before);
    tcsetattr(STDIN_FILENO, TCSADRAIN, state);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = saved_errno;
}

void terminal_restore(void)
{
    if (!is_raw)
        return;
    is_raw = 0;
    set_terminal(&found);
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* Let a signal have the effect that it would have had without us. */
static void pass_on(int number)
{
    sigset_t mask;

    handle(number, SIG_DFL, 0);
    sigemptyset(&mask);
    sigaddset(&mask, number);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    raise(number);
}

/* A second signal to stop ends pz at once. */
static void end_now(int number)
{
    terminal_restore();
    pass_on(number);
}

static void on_stop(int number)
{
    if (noted)
        end_now(number);
    noted = number;
}

/* Suspended: the shell gets the terminal as it was; afterwards it is ours again. */
static void on_suspend(int number)
{
    int saved_errno = errno;
    bool was_raw = is_raw;

    terminal_restore();
    pass_on(number);
    handle(number, on_suspend, SA_RESTART);
    if (was_raw) {
        set_terminal(&raw);
        is_raw = 1;
    }
    errno = saved_errno;
}

void terminal_catch_signals(void)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    for (unsigned i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        struct sigaction before;

        /* What was ignored (nohup) stays ignored. */
        if (!sigaction(stops[i], NULL, &before) && before.sa_handler != SIG_IGN)
            handle(stops[i], on_stop, 0);
    }
    handle(SIGPIPE, SIG_IGN, 0);
}

int terminal_signal(void)
{
    return noted;
}

void terminal_note_pipe(void)
{
    if (!noted)
        noted = SIGPIPE;
}

_Noreturn void terminal_die(int number)
{
    terminal_restore();
    pass_on(number);
    _exit(128 + number); /* it was blocked or cannot kill */
}

/* What crashes did before: sanitizers have handlers of their own, which tell more. */
static struct sigaction crash_before[NSIG];

/*
 * The terminal first, then whoever was there before. An instruction that faulted does so again
 * as soon as we return, with all its circumstances; a signal that was sent must be sent again.
 */
static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    terminal_restore();
    sigaction(number, &crash_before[number], NULL);
    if (info->si_code <= 0)
        raise(number);
}

static void catch_crash(int number)
{
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_NODEFER};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, &crash_before[number]);
}

static void catch_all(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};

    for (unsigned i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        catch_crash(crashes[i]);
    handle(SIGTSTP, on_suspend, SA_RESTART);
    atexit(terminal_restore);
}

enum pz_err terminal_raw(struct problem *problem)
{
    if (tcgetattr(STDIN_FILENO, &found))
        return problem_set(problem, PZ_HOST, "the terminal's settings cannot be read: %s",
                           strerror(errno));
    raw = found;
    cfmakeraw(&raw);
    raw.c_oflag = found.c_oflag; /* a line feed still starts a line */
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    catch_all();
    set_terminal(&raw);
    is_raw = 1;
    return PZ_OK;
}

int terminal_key(int ms)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    uint8_t key;

    if (poll(&ready, 1, ms) <= 0)
        return TERMINAL_NO_KEY;
    if (read(STDIN_FILENO, &key, 1) == 1)
        return key;
    return errno == EINTR || errno == EAGAIN ? TERMINAL_NO_KEY : TERMINAL_GONE;
}

unsigned terminal_width(int fd)
{
    struct winsize size;

    if (!isatty(fd))
        return 0;
    return ioctl(fd, TIOCGWINSZ, &size) || !size.ws_col ? 80 : size.ws_col;
}

bool terminal_wipes(int fd)
{
    const char *term = getenv("TERM");

    return isatty(fd) && term && term[0] && strcmp(term, "dumb");
}

bool terminal_colors(int fd)
{
    const char *no_color = getenv("NO_COLOR");

    return terminal_wipes(fd) && !(no_color && no_color[0]);
}
