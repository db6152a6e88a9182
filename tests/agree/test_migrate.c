/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_migrate.c - a machine that moves while it runs, between two processes, from one engine to
 * another: what it prints on both sides, registers, devices, RAM and counts at the end are those of
 * one left alone. And whatever happens to the two sides or to what is between them, at whatever
 * message, one process runs it to its end; never two, and none only if the one that had it was
 * killed.
 *
 * The two sides are children of this process. A relay may be between them, which loses messages; or
 * a side is traced, and killed as it is about to send one.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/support/suite.h"
#include "tools/migrate/migrate.h"

#define WORDS_MOST 16u
#define PRINTED_MOST (64u << 10)
#define CUT 500u /* instructions between two looks at the other side */
#define NEVER UINT32_MAX

enum { SOURCE, TARGET, SIDES };

/* What a process has done, told to this one. */
struct side {
    bool ended; /* it ran the machine to its end */
    uint64_t hash, retired;
    size_t len;
    uint8_t printed[PRINTED_MOST];
};

static struct shared {
    struct side sides[SIDES];
    enum source_state state; /* the source's */
    bool take_back;          /* somebody tells the source that its VMs do not run elsewhere */
    uint32_t messages;       /* that the relay has seen */
    uint32_t lost;           /* the name of the one that it has lost */
} * shared;

static struct side alone;
static char directory[] = "/tmp/pz-migrate-XXXXXX", direct[64], relayed[64];

static bool is_named(uint32_t name, const char *as)
{
    return !memcmp(&name, as, sizeof name);
}

/* ---- A machine in a process ---- */

static struct world {
    struct options options;
    struct machine machine;
    struct session session;
    struct session_port port;
    struct board_host board;
    struct side *side;
} world;

static void out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct side *side = world.side;

    (void)owner;
    ck_assert(side->len + len <= PRINTED_MOST);
    memcpy(side->printed + side->len, bytes, len);
    side->len += len;
}

static int in(void *owner)
{
    return input_next(&((struct session_port *)owner)->input);
}

static void open_machine(struct side *side, bool arrives)
{
    struct machine_hosts hosts = {.boards = &world.board, .arrives = arrives};
    const struct engines_kind *kind;
    struct problem problem;

    world.side = side;
    world.session.ports = &world.port;
    world.session.count = 1;
    input_empty(&world.port.input, false);
    world.board =
        (struct board_host){.console_out = out, .console_in = in, .owner = &world.port};
    ck_assert(!engines_choose(world.options.engine, false, &kind, &problem));
    ck_assert_msg(!machine_open(&world.machine, &world.options, kind, &hosts, &problem), "%s",
                  problem.text);
}

static void start(struct side *side, const char *const *words)
{
    char *argv[WORDS_MOST] = {(char *)"run"};
    struct problem problem;
    int argc = 1;

    memset(&world, 0, sizeof world);
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)words[argc - 1];
    ck_assert_msg(!options_read(&world.options, OPTIONS_RUN, argc, argv, &problem), "%s",
                  problem.text);
    open_machine(side, false);
}

static bool is_alive(void)
{
    return vm_alive(&world.machine.vms[0]);
}

static void note_end(void)
{
    world.side->hash = statehash_all(&world.machine.vmm);
    world.side->retired = vm_retired(&world.machine.vms[0]);
    world.side->ended = true;
}

static void run_alone(const char *const *words)
{
    struct options options;

    memset(&alone, 0, sizeof alone);
    start(&alone, words);
    options = world.options;
    while (is_alive())
        (void)vmm_run(&world.machine.vmm, NULL);
    note_end();
    machine_close(&world.machine);
    options_free(&options);
}

/* ---- The two sides ---- */

struct trial {
    const char *const *words;
    uint64_t at; /* instructions, before it begins to move */
    const char *engine;
    enum vm_monitor monitor;
    enum shadow_policy policy;
    bool post_copy;
    uint32_t lose; /* the relay loses the connection with this message; NEVER */
    bool half;     /* when half of it has passed */
    bool returns;  /* and can be had again */
    int victim;    /* who is killed; SIDES: nobody */
    uint32_t kill; /* at this of its messages */
    unsigned delay_ms;
};

static const char *path_of(const struct trial *trial)
{
    return trial->lose != NEVER || trial->delay_ms ? relayed : direct;
}

static void begin_move(struct source *source, const struct trial *trial)
{
    const struct source_order order = {.to = path_of(trial), .post_copy = trial->post_copy};

    source_open(source, &world.options, &world.machine, &world.session, NULL);
    while (source_start(source, &order)) /* until the other process listens */
        usleep(1000);
}

/* As a run does; but so short a guest has to wait, or it would end before it is gone. */
static void be_source(const struct trial *trial)
{
    struct vm *vm;
    struct source source;

    start(&shared->sides[SOURCE], trial->words);
    vm = &world.machine.vms[0];
    while (vm_retired(vm) < trial->at)
        (void)vmm_stay(&world.machine.vmm, trial->at - vm_retired(vm));
    begin_move(&source, trial);
    while (is_alive() && source.state != SOURCE_MOVED) {
        source_look(&source);
        shared->state = source.state;
        if (shared->take_back)
            (void)source_take_back(&source);
        if (source_holds(&source) || source.state == SOURCE_GREETING || source.marked)
            source_wait(&source, 10);
        else
            (void)vmm_stay(&world.machine.vmm, CUT);
    }
    if (source.state != SOURCE_MOVED)
        note_end();
    source_close(&source);
    machine_close(&world.machine);
}

static void be_target(const struct trial *trial)
{
    struct problem problem = {.text = ""};
    char where[80];
    struct target target;

    snprintf(where, sizeof where, "unix:%s", direct);
    memset(&world, 0, sizeof world);
    if (!target_open(&target, where, &problem)) {
        world.options = target.head.options;
        world.options.engine = trial->engine;
        world.options.monitor = trial->monitor;
        world.options.shadow = trial->policy;
        open_machine(&shared->sides[TARGET], true);
        if (!target_receive(&target, &world.machine, &world.session, NULL, false, &problem)) {
            while (is_alive()) {
                target_look(&target);
                (void)vmm_stay(&world.machine.vmm, CUT);
            }
            if (world.machine.vms[0].end != VM_KILLED)
                note_end();
        }
        target_finish(&target);
        machine_close(&world.machine);
    }
    target_close(&target);
}

/* ---- What is between them ---- */

struct way {
    int from, to;
    uint8_t bytes[1 << 20];
    size_t len;
    bool greeted; /* the magic has passed, or this way has none */
};

static struct way ways[2];

/* The bytes of the next message; 0: it is not all here. */
static size_t message_length(const struct way *way)
{
    size_t len = way->len < 8 ? SIZE_MAX : 20 + load_le32(way->bytes + 4);

    if (!way->greeted)
        len = MESSAGES_MAGIC_LEN;
    return way->len >= len ? len : 0;
}

static void pass(struct way *way, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t sent = send(way->to, way->bytes + at, len - at, MSG_NOSIGNAL);

        if (sent <= 0)
            break;
        at += (size_t)sent;
    }
    way->len -= len;
    memmove(way->bytes, way->bytes + len, way->len);
    way->greeted = true;
}

/* False: the connection is lost. */
static bool relay_messages(struct way *way, const struct trial *trial, bool loses)
{
    size_t len;
    ssize_t got = recv(way->from, way->bytes + way->len, sizeof way->bytes - way->len, 0);

    if (got <= 0)
        return false;
    way->len += (size_t)got;
    while ((len = message_length(way))) {
        usleep(trial->delay_ms * 1000);
        if (loses && shared->messages++ == trial->lose) {
            shared->lost = load_le32(way->bytes);
            if (trial->half)
                pass(way, len / 2);
            return false;
        }
        pass(way, len);
    }
    return true;
}

static void relay_one(int source, const struct trial *trial, bool loses)
{
    int target;

    while ((target = localsocket_connect(direct)) < 0 && loses)
        usleep(1000);
    ways[0] = (struct way){.from = source, .to = target};
    ways[1] = (struct way){.from = target, .to = source, .greeted = true};
    while (target >= 0) {
        struct pollfd fds[2] = {{.fd = source, .events = POLLIN},
                                {.fd = target, .events = POLLIN}};

        (void)poll(fds, 2, -1);
        if ((fds[0].revents && !relay_messages(&ways[0], trial, loses)) ||
            (fds[1].revents && !relay_messages(&ways[1], trial, loses)))
            break;
    }
    close(source);
    close(target);
}

static void be_relay(const struct trial *trial)
{
    int listener = localsocket_listen(relayed);
    bool loses = true;

    ck_assert_int_ge(listener, 0);
    do {
        relay_one(accept(listener, NULL, NULL), trial, loses);
        loses = false;
    } while (trial->returns || trial->delay_ms);
    unlink(relayed);
}

/* ---- Killing a side at one of its messages ---- */

/* What a process that is about to send begins with; 0: it is not sending. */
static uint32_t name_sent(pid_t pid)
{
    struct __ptrace_syscall_info info;
    void *size = (void *)sizeof info;

    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, size, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != SYS_sendto)
        return 0;
    return (uint32_t)ptrace(PTRACE_PEEKDATA, pid, (void *)info.entry.args[1], NULL);
}

/*
 * Let it run until it is about to send its k-th message, and kill it there. The message's name; 0:
 * it ended without so many.
 */
static uint32_t kill_at(pid_t pid, uint32_t k)
{
    int status;

    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    (void)ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)PTRACE_O_TRACESYSGOOD);
    while (WIFSTOPPED(status)) {
        int signal = WSTOPSIG(status);
        uint32_t name = signal == (SIGTRAP | 0x80) ? name_sent(pid) : 0;

        if (name && !k--) {
            (void)kill(pid, SIGKILL);
            ck_assert_int_eq(waitpid(pid, &status, 0), pid);
            return name;
        }
        signal = signal == (SIGTRAP | 0x80) || signal == SIGSTOP ? 0 : signal;
        (void)ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(uintptr_t)signal);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    }
    ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "a side ends badly: %x", status);
    return 0;
}

/* ---- Trials ---- */

static pid_t spawn(void (*be)(const struct trial *trial), const struct trial *trial,
                   bool traced)
{
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid)
        return pid;
    if (traced) {
        (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        (void)raise(SIGSTOP);
    }
    if (!freopen("/dev/null", "w", stderr))
        _exit(1);
    be(trial);
    _exit(0);
}

static void end(pid_t pid)
{
    int status;

    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, &status, 0);
}

static bool has_ended(pid_t pid)
{
    int status;

    if (waitpid(pid, &status, WNOHANG) != pid)
        return false;
    ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "a side ends badly: %x", status);
    return true;
}

/* One of the two sides may wait for the other for ever: then the other has run the machine. */
static void wait_for_end(pid_t pids[SIDES])
{
    bool ended[SIDES] = {pids[SOURCE] == 0, pids[TARGET] == 0};

    while (!ended[SOURCE] || !ended[TARGET]) {
        for (int side = 0; side < SIDES; side++)
            ended[side] = ended[side] || has_ended(pids[side]);
        if (!ended[TARGET] && ended[SOURCE] && shared->sides[SOURCE].ended) {
            end(pids[TARGET]);
            ended[TARGET] = true;
        }
        usleep(500);
    }
}

/*
 * The connection is lost for good, so the source stays in doubt; somebody sees who has the machine,
 * and says so. (A test knows it by the message that was lost.)
 */
static void decide(pid_t pids[SIDES])
{
    int status;

    while (shared->state < SOURCE_DOUBT && !shared->sides[SOURCE].ended)
        usleep(500);
    if (shared->state != SOURCE_DOUBT)
        return;
    if (is_named(shared->lost, MESSAGE_TAKE)) {
        end(pids[TARGET]);
        pids[TARGET] = 0;
        shared->take_back = true;
    } else {
        ck_assert_int_eq(waitpid(pids[TARGET], &status, 0), pids[TARGET]);
        pids[TARGET] = 0;
        ck_assert(shared->state == SOURCE_DOUBT && !shared->sides[SOURCE].ended);
        end(pids[SOURCE]);
        pids[SOURCE] = 0;
    }
}

/* The name of the message at which a side was killed, if one was. */
static uint32_t run(const struct trial *trial)
{
    pid_t pids[SIDES], relay = 0;
    uint32_t name = 0;

    memset(shared, 0, sizeof *shared);
    unlink(direct);
    unlink(relayed);
    if (path_of(trial) == relayed)
        relay = spawn(be_relay, trial, false);
    pids[TARGET] = spawn(be_target, trial, trial->victim == TARGET);
    pids[SOURCE] = spawn(be_source, trial, trial->victim == SOURCE);
    if (trial->victim != SIDES) {
        name = kill_at(pids[trial->victim], trial->kill);
        pids[trial->victim] = 0;
        if (trial->victim == SOURCE && is_named(name, MESSAGES_MAGIC)) {
            end(pids[TARGET]); /* it still waits: nobody has said anything */
            pids[TARGET] = 0;
        }
    }
    if (trial->lose != NEVER && !trial->returns)
        decide(pids);
    wait_for_end(pids);
    if (relay)
        end(relay);
    return name;
}

static void must_be_whole(const struct trial *trial)
{
    const struct side *source = &shared->sides[SOURCE], *target = &shared->sides[TARGET];
    const struct side *last = target->ended ? target : source;

    ck_assert_msg(source->ended != target->ended,
                  "at %u (half: %d, back: %d, killed: %d at %u): %s ran it to its end",
                  trial->lose, trial->half, trial->returns, trial->victim, trial->kill,
                  source->ended ? "both" : "nobody");
    ck_assert_msg(last->hash == alone.hash && last->retired == alone.retired,
                  "at %u, moved at %lu to %s: another end", trial->lose,
                  (unsigned long)trial->at, trial->engine);
    ck_assert_uint_eq(source->len + target->len, alone.len);
    ck_assert(!memcmp(source->printed, alone.printed, source->len));
    ck_assert(!memcmp(target->printed, alone.printed + source->len, target->len));
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define LS WORDS("--vms", "1", "--mem", "2M", "--engine", "jit", "--append", "ls")

static struct trial trial_of(const char *const *words)
{
    return (struct trial){.words = words,
                          .at = 1 + alone.retired / 3,
                          .engine = "jit",
                          .lose = NEVER,
                          .victim = SIDES};
}

static bool is_there(const char *engine)
{
    for (unsigned i = 0; i < engines_count; i++)
        if (!strcmp(engines_all[i].name, engine))
            return !engines_all[i].missing;
    return false;
}

START_TEST(it_ends_as_if_left_alone)
{
    static const char *const engines[] = {"spec", "jit", "unicorn"};
    static const enum vm_monitor monitors[] = {VM_PLAIN, VM_HYBRID, VM_ASSIST, VM_TRANSLATE};
    unsigned turn = 0;

    for (unsigned from = 0; from < 3; from++) {
        const char *const words[] = {"--vms",       "1",        "--mem", "2M", "--engine",
                                     engines[from], "--append", "ls",    NULL};

        if (!is_there(engines[from]))
            continue;
        run_alone(words);
        for (unsigned to = 0; to < 3; to++, turn++) {
            struct trial trial = trial_of(words);

            if (!is_there(engines[to]))
                continue;
            trial.at = alone.retired / 8 * (turn % 8) + 1;
            trial.engine = engines[to];
            trial.monitor = monitors[turn % 4];
            trial.policy = (enum shadow_policy)(turn % SHADOW_POLICIES);
            trial.post_copy = turn & 1;
            (void)run(&trial);
            ck_assert(shared->sides[TARGET].ended);
            must_be_whole(&trial);
        }
    }
}
END_TEST

START_TEST(a_guest_of_hypercalls_keeps_its_page)
{
    const char *const *words =
        WORDS("--vms", "1", "--mem", "2M", "--monitor", "para", "--append", "ls");
    struct trial trial;

    run_alone(words);
    trial = trial_of(words);
    trial.monitor = VM_PARA;
    (void)run(&trial);
    ck_assert(shared->sides[TARGET].ended);
    must_be_whole(&trial);
}
END_TEST

static uint32_t count_messages(struct trial trial)
{
    trial.delay_ms = 1;
    (void)run(&trial);
    must_be_whole(&trial);
    ck_assert(shared->sides[TARGET].ended);
    return shared->messages;
}

static void lose_each(bool post_copy, bool returns)
{
    struct trial trial;
    uint32_t count;

    run_alone(LS);
    trial = trial_of(LS);
    trial.post_copy = post_copy;
    count = count_messages(trial);
    ck_assert_uint_ge(count, 8);
    trial.returns = returns;
    for (trial.lose = 0; trial.lose < count; trial.lose++) {
        trial.half = trial.lose & 1;
        (void)run(&trial);
        must_be_whole(&trial);
    }
}

START_TEST(a_connection_that_breaks)
{
    lose_each(false, true);
}
END_TEST

START_TEST(a_connection_that_breaks_with_post_copy)
{
    lose_each(true, true);
}
END_TEST

START_TEST(a_connection_that_breaks_for_good)
{
    lose_each(false, false);
}
END_TEST

/* Who is killed while the machine is its own takes it along, unless all of it had been sent. */
START_TEST(a_source_that_is_killed)
{
    struct trial trial;
    bool taken = false;
    uint32_t name;

    run_alone(LS);
    trial = trial_of(LS);
    trial.victim = SOURCE;
    while ((name = run(&trial))) {
        taken = taken || is_named(name, MESSAGE_TAKE);
        if (taken)
            must_be_whole(&trial);
        else
            ck_assert(!shared->sides[TARGET].ended);
        ck_assert(!shared->sides[SOURCE].ended);
        trial.kill++;
    }
    ck_assert(taken);
    must_be_whole(&trial);
}
END_TEST

/* It runs nothing before it has said so: so the source goes on. */
START_TEST(a_target_that_is_killed)
{
    struct trial trial;
    unsigned seen = 0;
    uint32_t name;

    run_alone(LS);
    trial = trial_of(LS);
    trial.victim = TARGET;
    while ((name = run(&trial))) {
        must_be_whole(&trial);
        ck_assert(shared->sides[SOURCE].ended);
        seen += is_named(name, MESSAGE_MADE) || is_named(name, MESSAGE_HAVE) ||
                is_named(name, MESSAGE_MINE);
        trial.kill++;
    }
    ck_assert_uint_eq(seen, 3);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_ends_as_if_left_alone,
                                  a_guest_of_hypercalls_keeps_its_page,
                                  a_connection_that_breaks,
                                  a_connection_that_breaks_for_good,
                                  a_connection_that_breaks_with_post_copy,
                                  a_source_that_is_killed,
                                  a_target_that_is_killed};
    int failed;

    if (!mkdtemp(directory))
        return EXIT_FAILURE;
    snprintf(direct, sizeof direct, "%s/direct", directory);
    snprintf(relayed, sizeof relayed, "%s/relayed", directory);
    shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return EXIT_FAILURE;
    failed = suite_run("migrate", tests, sizeof tests / sizeof tests[0]);
    unlink(direct);
    unlink(relayed);
    rmdir(directory);
    return failed;
}
