/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box.c - runs a function in a sandboxed child process; both sides of its pipe. The child
 * closes everything else, confines itself (boxwall.c), works, and sends one line: the secret
 * word, then JSON. A fatal signal sends its own line.
 */
#define _GNU_SOURCE
#include "tools/sandbox/box.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tools/base/base.h"
#include "tools/sandbox/boxwall.h"

#define WORD_BYTES 16u
#define WORD (2 * WORD_BYTES)
#define SENT_MOST (1u << 20)
#define STACK_BYTES (64u << 10)
#define WALL_FACTOR 6u /* of wall-clock time to CPU time: the host may be busy */
#define LOWEST_FD 40   /* the pipe's descriptor is between this and the limit */

/* Where a signal came from, on hosts where we know how to find out. */
#if defined(__x86_64__)
#define CONTEXT_PC(context) ((context)->uc_mcontext.gregs[REG_RIP])
#elif defined(__aarch64__)
#define CONTEXT_PC(context) ((context)->uc_mcontext.pc)
#else
#define CONTEXT_PC(context) 0
#endif

/* A signal handler has no owner. */
static struct {
    int out;
    char word[WORD + 1];
    void (*report)(const char *line); /* in place of the pipe, in a process beside this one */
    bool (*mend)(void *address);
} child;

/* ---- In the child ---- */

static void send_all(const char *bytes, size_t len)
{
    while (len) {
        ssize_t sent = write(child.out, bytes, len);

        if (sent < 0 && errno != EINTR)
            _exit(PZ_HOST);
        if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
        }
    }
}

static void send_line(const char *text)
{
    send_all(child.word, WORD);
    send_all(text, strlen(text));
    send_all("\n", 1);
}

/* Not by _exit(): sanitizers do work of their own before functions that do not return. */
static void leave(int status)
{
    for (;;)
        (void)syscall(SYS_exit_group, status);
}

/*
 * exit() was called. What is registered for that, by sanitizers above all, must not run here.
 */
static void on_leaving(int status, void *unused)
{
    (void)unused;
    fflush(stdout);
    leave(status);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    const ucontext_t *machine = context;
    const uintptr_t pc = (uintptr_t)CONTEXT_PC(machine);
    char line[256];
    Dl_info found = {0};

    if (number == SIGSEGV && child.mend && child.mend(info->si_addr))
        return;
    if (number == SIGSYS) {
        (void)!snprintf(line, sizeof line, "{\"forbidden\":%d}", info->si_syscall);
    } else {
        (void)dladdr((void *)pc, &found);
        (void)!snprintf(line, sizeof line, "{\"signal\":%d,\"where\":\"%.100s\"}", number,
                        found.dli_sname ? found.dli_sname : "");
    }
    (child.report ? child.report : send_line)(line);
    leave(PZ_FAILED);
}

void box_aside(void (*report)(const char *line), bool (*mend)(void *address))
{
    child.report = report;
    child.mend = mend;
    child.out = -1;
    explicit_bzero(child.word, sizeof child.word);
}

static bool catch_signals(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL, SIGABRT,
                                  SIGSYS,  SIGXCPU, SIGTRAP, SIGXFSZ};
    const stack_t stack = {.ss_sp = malloc(STACK_BYTES), .ss_size = STACK_BYTES};
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    if (!stack.ss_sp || sigaltstack(&stack, NULL))
        return false;
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sigaction(numbers[i], &action, NULL))
            return false;
    return true;
}

/* Only standard output, for what is printed, and the pipe remain open. */
static bool keep_descriptors(int out, int printed)
{
    int null = open("/dev/null", O_RDONLY);

    child.out = fcntl(out, F_DUPFD, LOWEST_FD + (uint8_t)child.word[0] % 16);
    if (child.out < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(printed, STDOUT_FILENO) < 0 ||
        dup2(printed, STDERR_FILENO) < 0)
        return false;
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
        if (fd != child.out)
            (void)close(fd);
    return true;
}

static bool go_behind_wall(const struct box_job *job)
{
    const int also = job->writes ? job->writes() : -1;
    const int outs[] = {STDOUT_FILENO, STDERR_FILENO, child.out, also};

    return boxwall_limit(&job->limits) && boxwall_filter(outs, also < 0 ? 3 : 4, true);
}

_Noreturn static void be_child(const struct box_job *job, int out, int printed)
{
    json_t *verdict;
    char *text;

    if (!keep_descriptors(out, printed) || !catch_signals()) {
        send_line("{\"broken\":\"the host refuses the limits of a child process\"}");
        _exit(PZ_HOST);
    }
    (void)on_exit(on_leaving, NULL);
    if ((job->prepare && !job->prepare(job->owner)) || !go_behind_wall(job)) {
        send_line("{\"broken\":\"the host refuses the limits of a child process\"}");
        _exit(PZ_HOST);
    }
    verdict = job->work(job->owner);
    text = verdict ? json_dumps(verdict, JSON_COMPACT) : NULL;
    fflush(NULL);
    send_line(text ? text : "{\"broken\":\"no memory for the verdict\"}");
    _exit(PZ_OK);
}

/* ---- In the parent ---- */

struct reading {
    int in, printed; /* -1: at its end */
    char *sent;
    size_t sent_len, printed_len;
};

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* Output beyond the buffer is discarded. */
static void take(int *fd, char *bytes, size_t *len, size_t room)
{
    char rest[4096];
    bool fits = *len < room;
    ssize_t got = read(*fd, fits ? bytes + *len : rest, fits ? room - *len : sizeof rest);

    if (got <= 0 && errno != EINTR) {
        close(*fd);
        *fd = -1;
    } else if (got > 0 && fits) {
        *len += (size_t)got;
    }
}

/* False: time is up. */
static bool read_both(struct reading *reading, struct box *box, uint64_t wall_ms)
{
    const uint64_t end = now_ms() + wall_ms;

    while (reading->in >= 0 || reading->printed >= 0) {
        struct pollfd polled[] = {{.fd = reading->in, .events = POLLIN},
                                  {.fd = reading->printed, .events = POLLIN}};
        uint64_t now = now_ms();

        if (now >= end || terminal_signal())
            return false;
        errno = 0;
        if (poll(polled, 2, (int)(end - now)) < 0 && errno != EINTR)
            return false;
        if (polled[0].revents)
            take(&reading->in, reading->sent, &reading->sent_len, SENT_MOST);
        if (polled[1].revents)
            take(&reading->printed, box->printed, &reading->printed_len, BOX_PRINTED - 1);
    }
    return true;
}

/* Exactly one line after the secret word; NULL otherwise. */
static json_t *read_line(const struct reading *reading, const char *word)
{
    const char *end = memchr(reading->sent, '\n', reading->sent_len);

    if (reading->sent_len <= WORD || memcmp(reading->sent, word, WORD) || !end ||
        end + 1 != reading->sent + reading->sent_len)
        return NULL;
    return json_loadb(reading->sent + WORD, (size_t)(end - reading->sent) - WORD, 0, NULL);
}

static void understand(struct box *box, const struct reading *reading, const char *word)
{
    json_t *line = read_line(reading, word);
    const json_t *number = json_object_get(line, "signal");

    if (!line) {
        box->end = BOX_FORGED;
    } else if (json_is_integer(json_object_get(line, "forbidden"))) {
        box->end = BOX_FORBIDDEN;
        boxwall_name((int)json_integer_value(json_object_get(line, "forbidden")), box->where,
                     sizeof box->where);
    } else if (json_is_integer(number)) {
        box->signal = (int)json_integer_value(number);
        box->end = box->signal == SIGXCPU ? BOX_TIME : BOX_CRASH;
        (void)!snprintf(box->where, sizeof box->where, "%s",
                        json_string_value(json_object_get(line, "where")));
    } else {
        box->end = BOX_VERDICT;
        box->verdict = json_incref(line);
    }
    json_decref(line);
}

static void conclude(struct box *box, const struct reading *reading, const char *word,
                     bool in_time, int status)
{
    if (!in_time ||
        (WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU)))
        box->end = BOX_TIME;
    else if (reading->sent_len)
        understand(box, reading, word);
    else if (WIFSIGNALED(status)) {
        box->end = WTERMSIG(status) == SIGSYS ? BOX_FORBIDDEN : BOX_CRASH;
        box->signal = WTERMSIG(status);
    } else {
        box->end = BOX_EXIT;
        box->status = WEXITSTATUS(status);
    }
}

static enum pz_err choose_word(char word[WORD + 1], struct problem *problem)
{
    uint8_t bytes[WORD_BYTES];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return problem_set(problem, PZ_HOST, "the host provides no random numbers: %s",
                           strerror(errno));
    for (unsigned i = 0; i < WORD_BYTES; i++)
        (void)!snprintf(word + 2 * i, 3, "%02x", bytes[i]);
    return PZ_OK;
}

static enum pz_err listen(struct box *box, struct reading *reading, pid_t pid, const char *word,
                          const struct box_limits *limits, struct problem *problem)
{
    const json_t *broken;
    bool in_time;
    int status;

    reading->sent = malloc(SENT_MOST);
    in_time = reading->sent && read_both(reading, box, limits->seconds * WALL_FACTOR * 1000u);
    if (!in_time)
        (void)kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!reading->sent)
        return problem_memory(problem, "a verdict");
    conclude(box, reading, word, in_time, status);
    broken = json_object_get(box->verdict, "broken");
    if (broken)
        return problem_set(problem, PZ_HOST, "%s", json_string_value(broken));
    return PZ_OK;
}

enum pz_err box_run(struct box *box, const struct box_job *job, struct problem *problem)
{
    int sent[2], printed[2];
    struct reading reading = {.sent = NULL};
    enum pz_err err;
    pid_t pid;

    *box = (struct box){.end = BOX_EXIT};
    err = choose_word(child.word, problem);
    if (err)
        return err;
    if (pipe2(sent, O_CLOEXEC))
        return problem_set(problem, PZ_HOST, "cannot create a pipe: %s", strerror(errno));
    if (pipe2(printed, O_CLOEXEC)) {
        close(sent[0]), close(sent[1]);
        return problem_set(problem, PZ_HOST, "cannot create a pipe: %s", strerror(errno));
    }
    fflush(NULL);
    pid = fork();
    if (!pid)
        be_child(job, sent[1], printed[1]);
    close(sent[1]), close(printed[1]);
    reading.in = sent[0];
    reading.printed = printed[0];
    if (pid < 0)
        err = problem_set(problem, PZ_HOST, "cannot start a process: %s", strerror(errno));
    else
        err = listen(box, &reading, pid, child.word, &job->limits, problem);
    if (reading.in >= 0)
        close(reading.in);
    if (reading.printed >= 0)
        close(reading.printed);
    free(reading.sent);
    return err;
}

void box_close(struct box *box)
{
    json_decref(box->verdict);
    box->verdict = NULL;
}
