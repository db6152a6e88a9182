/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipes.c - pipes: order, waiting when full and when empty, and what happens when an end
 * closes.
 */
#include "usertests.h"

enum { CHUNK = 300, CHUNKS = 40 };

static int fds[2];
static char buffer[2 * PIPE_SIZE];

/* Odd-sized pieces, so that the ring's end falls inside of some. */
static void send_chunks(void)
{
    close(fds[0]);
    for (int i = 0; i < CHUNKS; i++) {
        memset(buffer, i, CHUNK);
        CHECK(write(fds[1], buffer, CHUNK) == CHUNK);
    }
}

static void open_pipe(void)
{
    CHECK(pipe(fds) == 0);
}

/* All that comes until the writers are gone; `piece` bytes at a time. */
static int drain(uint32_t piece)
{
    int total = 0, n;

    while ((n = read(fds[0], buffer, piece)) > 0)
        for (int i = 0; i < n; i++, total++)
            CHECK(buffer[i] == total / CHUNK);
    CHECK(n == 0);
    return total;
}

void test_pipe_order(void)
{
    int pid;

    open_pipe();
    pid = start_child(send_chunks);
    close(fds[1]);
    CHECK(drain(170) == CHUNK * CHUNKS);
    CHECK(wait_child(pid) == 0);
}

static void write_too_much(void)
{
    memset(buffer, 0, sizeof(buffer));
    CHECK(write(fds[1], buffer, sizeof(buffer)) == sizeof(buffer));
}

/* The writer waits for room: it is not done before somebody reads. */
void test_pipe_full(void)
{
    int pid, total = 0;

    open_pipe();
    pid = start_child(write_too_much);
    sleep(TICK_MS);
    CHECK(wait(NULL, WAIT_NOHANG) == 0);
    while (total < (int)sizeof(buffer))
        total += read(fds[0], buffer, 1000);
    CHECK(total == sizeof(buffer));
    CHECK(wait_child(pid) == 0);
}

static void write_until_refused(void)
{
    close(fds[0]);
    CHECK(write(fds[1], buffer, sizeof(buffer)) == PIPE_SIZE);
    CHECK(write(fds[1], buffer, 1) == -EPIPE);
}

/* Refused while it waits for room; and refused at once. */
void test_pipe_reader_gone(void)
{
    int pid;

    open_pipe();
    pid = start_child(write_until_refused);
    sleep(TICK_MS);
    close(fds[0]);
    CHECK(wait_child(pid) == 0);
    CHECK(write(fds[1], buffer, 1) == -EPIPE);
}

static void read_until_end(void)
{
    close(fds[1]);
    CHECK(read(fds[0], buffer, 10) == 3);
    CHECK(read(fds[0], buffer, 10) == 0);
    CHECK(read(fds[0], buffer, 10) == 0);
}

/* What is inside can still be read; then comes the end, also to one who waits already. */
void test_pipe_writer_gone(void)
{
    int pid;

    open_pipe();
    pid = start_child(read_until_end);
    CHECK(write(fds[1], "abc", 3) == 3);
    sleep(TICK_MS);
    close(fds[1]);
    CHECK(wait_child(pid) == 0);
}

void test_pipe_wrong_end(void)
{
    struct fileinfo info;

    open_pipe();
    CHECK(read(fds[1], buffer, 1) == -EBADF);
    CHECK(write(fds[0], buffer, 1) == -EBADF);
    CHECK(read(fds[0], buffer, 0) == 0);
    CHECK(stat(fds[0], &info) == 0 && info.kind == KIND_PIPE);
}

/* Half of the buffer is not there: a byte that could not be delivered stays in the pipe. */
void test_pipe_partial_copy(void)
{
    char *end = grow(1) + PAGE;
    int got, rest;

    open_pipe();
    CHECK(write(fds[1], buffer, 100) == 100);
    got = read(fds[0], end - 10, 100);
    CHECK(got == -EFAULT || got == 10);
    close(fds[1]);
    rest = read(fds[0], buffer, 100);
    CHECK(rest == (got == 10 ? 90 : 100));
}

static void read_forever(void)
{
    char c;

    read(fds[0], &c, 1);
    CHECK(false);
}

static void write_forever(void)
{
    write(fds[1], buffer, sizeof(buffer));
    CHECK(false);
}

static void check_kill(void (*body)(void))
{
    int pid = start_child(body);

    sleep(TICK_MS);
    CHECK(kill(pid) == 0);
    CHECK(wait_child(pid) == STATUS_KILLED);
}

void test_pipe_wait_killed(void)
{
    open_pipe();
    check_kill(read_forever);
    check_kill(write_forever);
}
