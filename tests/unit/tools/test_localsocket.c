/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_localsocket.c - several processes want to listen at one path at the same moment, where a
 * dead server has left a socket, or nothing is: one of them gets it, and the socket that is there
 * is that one's. While
 * somebody has the directory locked no socket is removed, and nobody is held up for long.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "tests/support/suite.h"
#include "tools/base/localsocket.h"

#define RIVALS 4u
#define ROUNDS 400u

static char directory[] = "/tmp/pz-localsocket-XXXXXX", path[64];

static struct race {
    pthread_barrier_t barrier;
    unsigned won, reached;
} * race;

static void leave_a_dead_one(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(name.sun_path, path);
    ck_assert(!bind(fd, (const struct sockaddr *)&name, sizeof name));
    close(fd);
}

static void open_race(void)
{
    pthread_barrierattr_t shared;

    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/s", directory);
    race = mmap(NULL, sizeof *race, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(race != MAP_FAILED);
    pthread_barrierattr_init(&shared);
    pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&race->barrier, &shared, RIVALS + 1);
}

static void close_race(void)
{
    munmap(race, sizeof *race);
    unlink(path);
    rmdir(directory);
}

/* Each round: try; when all have tried, whoever won hears whether somebody reaches it. */
static void compete(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        int fd, heard;

        pthread_barrier_wait(&race->barrier);
        fd = localsocket_listen(path);
        if (fd >= 0)
            __atomic_add_fetch(&race->won, 1, __ATOMIC_SEQ_CST);
        pthread_barrier_wait(&race->barrier);
        pthread_barrier_wait(&race->barrier);
        (void)fcntl(fd, F_SETFL, O_NONBLOCK);
        heard = accept(fd, NULL, NULL);
        if (heard >= 0)
            __atomic_add_fetch(&race->reached, 1, __ATOMIC_SEQ_CST);
        close(heard);
        close(fd);
        pthread_barrier_wait(&race->barrier);
    }
}

/* The processes that compete, and this one, which looks. */
static void hold_races(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        int fd;

        unlink(path);
        if (i % 2)
            leave_a_dead_one();
        race->won = race->reached = 0;
        pthread_barrier_wait(&race->barrier);
        pthread_barrier_wait(&race->barrier);
        ck_assert_msg(race->won == 1, "round %u: %u processes listen", i, race->won);
        fd = localsocket_connect(path);
        ck_assert_int_ge(fd, 0);
        pthread_barrier_wait(&race->barrier);
        pthread_barrier_wait(&race->barrier);
        ck_assert_uint_eq(race->reached, 1);
        close(fd);
    }
}

START_TEST(one_of_several_gets_a_path)
{
    open_race();
    for (unsigned i = 0; i < RIVALS; i++)
        if (!fork()) {
            (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
            compete();
            _exit(0);
        }
    hold_races();
    while (wait(NULL) > 0)
        continue;
    close_race();
}
END_TEST

START_TEST(who_has_the_lock_loses_nothing)
{
    char held[] = "/tmp/pz-localsocket-XXXXXX";
    int lock, fd;

    ck_assert_ptr_nonnull(mkdtemp(held));
    snprintf(path, sizeof path, "%s/s", held);
    lock = open(held, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert(!flock(lock, LOCK_EX));
    fd = localsocket_listen(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert(localsocket_listen(path) < 0 &&
              errno == EADDRINUSE); /* one that is being made? */
    localsocket_remove_dead(path);
    ck_assert(!access(path, F_OK));
    close(lock);
    localsocket_remove_dead(path);
    ck_assert(access(path, F_OK) && errno == ENOENT);
    rmdir(held);
}
END_TEST

SUITE_MAIN("localsocket", one_of_several_gets_a_path, who_has_the_lock_loses_nothing)
