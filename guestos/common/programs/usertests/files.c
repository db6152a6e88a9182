/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.c - files in memory, descriptors and their limits.
 */
#include "usertests.h"

enum { SOME = 100, STRANGE_FLAGS = 32 };

static char buffer[2 * PAGE];

static int must_open(const char *name, int flags)
{
    int fd = open(name, flags);

    CHECK(fd >= 0);
    return fd;
}

static void fill(char *p, int n, int seed)
{
    for (int i = 0; i < n; i++)
        p[i] = (char)(i * 7 + seed);
}

static void check_filled(const char *p, int n, int seed)
{
    for (int i = 0; i < n; i++)
        CHECK(p[i] == (char)(i * 7 + seed));
}

void test_open_flags(void)
{
    int fd;

    CHECK(open("readme", 0) == -EINVAL);
    CHECK(open("readme", STRANGE_FLAGS | O_READ) == -EINVAL);
    CHECK(open("readme", -1) == -EINVAL);
    CHECK(open("scratch", O_WRITE) == -ENOENT);
    fd = must_open("scratch", O_WRITE | O_CREATE);
    CHECK(read(fd, buffer, 1) == -EBADF);
    CHECK(close(fd) == 0);
    CHECK(close(fd) == -EBADF);
    fd = must_open("/scratch", O_READ);
    CHECK(write(fd, buffer, 1) == -EBADF);
    CHECK(read(fd, buffer, 1) == 0);
    CHECK(unlink("scratch") == 0);
}

/* Sizes that do not divide a page, so that parts cross page borders. */
void test_write_read_back(void)
{
    int fd = must_open("scratch", O_WRITE | O_CREATE);

    for (int i = 0; i < 7; i++) {
        fill(buffer, 1500, i);
        CHECK(write(fd, buffer, 1500) == 1500);
    }
    close(fd);
    fd = must_open("scratch", O_READ);
    for (int i = 0; i < 7; i++) {
        memset(buffer, 0, sizeof(buffer));
        CHECK(read(fd, buffer, 1500) == 1500);
        check_filled(buffer, 1500, i);
    }
    CHECK(read(fd, buffer, 1) == 0);
    CHECK(unlink("scratch") == 0);
}

static void write_once(int flags, const char *text)
{
    int fd = must_open("scratch", flags);

    CHECK(write(fd, text, strlen(text)) == (int)strlen(text));
    close(fd);
}

static void check_content(const char *text)
{
    int fd = must_open("scratch", O_READ);
    int n = read(fd, buffer, sizeof(buffer));

    close(fd);
    CHECK(n == (int)strlen(text));
    CHECK(memcmp(buffer, text, (uint32_t)n) == 0);
}

void test_append_and_truncate(void)
{
    write_once(O_WRITE | O_CREATE, "one two");
    write_once(O_WRITE | O_APPEND, " three");
    check_content("one two three");
    write_once(O_WRITE, "ONE");
    check_content("ONE two three");
    write_once(O_WRITE | O_CREATE | O_TRUNC, "new");
    check_content("new");
    CHECK(unlink("scratch") == 0);
}

/* Truncated under a writer that goes on at its offset: zeros before it, and no old bytes. */
void test_truncate_leaves_hole(void)
{
    int fd = must_open("scratch", O_READ | O_WRITE | O_CREATE);

    memset(buffer, 'x', sizeof(buffer));
    CHECK(write(fd, buffer, sizeof(buffer)) == sizeof(buffer));
    close(must_open("scratch", O_WRITE | O_TRUNC));
    CHECK(read(fd, buffer, 1) == 0);
    CHECK(write(fd, "end", 3) == 3);
    close(fd);
    fd = must_open("scratch", O_READ);
    CHECK(read(fd, buffer, sizeof(buffer)) == sizeof(buffer));
    for (uint32_t i = 0; i < sizeof(buffer); i++)
        CHECK(buffer[i] == 0);
    CHECK(read(fd, buffer, SOME) == 3);
    CHECK(memcmp(buffer, "end", 3) == 0);
    CHECK(unlink("scratch") == 0);
}

void test_read_only_files(void)
{
    CHECK(open("readme", O_WRITE) == -EROFS);
    CHECK(open("readme", O_READ | O_WRITE) == -EROFS);
    CHECK(open("readme", O_READ | O_TRUNC) == -EROFS);
    CHECK(unlink("readme") == -EROFS);
    CHECK(unlink("/usertests") == -EROFS);
    CHECK(must_open("readme", O_READ | O_CREATE) >= 0);
}

void test_unlink_while_open(void)
{
    int fd = must_open("scratch", O_READ | O_WRITE | O_CREATE);
    int other;

    CHECK(write(fd, "old", 3) == 3);
    CHECK(unlink("scratch") == 0);
    CHECK(open("scratch", O_READ) == -ENOENT);
    other = must_open("scratch", O_READ | O_WRITE | O_CREATE);
    CHECK(read(other, buffer, 3) == 0);
    CHECK(write(fd, "er", 2) == 2);
    CHECK(unlink("scratch") == 0);
}

static int open_until_refused(void)
{
    int fd;

    while ((fd = open("readme", O_READ)) >= 0)
        ;
    return fd;
}

void test_descriptor_limit(void)
{
    int fds[2];

    CHECK(open_until_refused() == -EMFILE);
    CHECK(open("scratch", O_WRITE | O_CREATE) == -EMFILE);
    CHECK(unlink("scratch") == -ENOENT);
    CHECK(dup(0) == -EMFILE);
    CHECK(pipe(fds) == -EMFILE);
    CHECK(close(MAX_FDS - 1) == 0);
    CHECK(pipe(fds) == -EMFILE);
    CHECK(dup(0) == MAX_FDS - 1);
}

/* Children each open what they can, then wait until the pipe says that all is over. */
static int start_pipe[2];

static void open_many(void)
{
    char c;

    close(start_pipe[1]);
    open_until_refused();
    read(start_pipe[0], &c, 1);
}

void test_open_file_limit(void)
{
    const int children = 8;
    int fds[2];

    CHECK(pipe(start_pipe) == 0);
    for (int i = 0; i < children; i++)
        start_child(open_many);
    sleep(TICK_MS);
    CHECK(open("readme", O_READ) == -ENFILE);
    CHECK(open("console", O_READ) == -ENFILE);
    CHECK(pipe(fds) == -ENFILE);
    CHECK(dup(0) >= 0);
    close(start_pipe[1]);
    for (int i = 0; i < children; i++)
        CHECK(wait(NULL, 0) > 0);
    CHECK(open("readme", O_READ) >= 0);
}

void test_file_size_limit(void)
{
    int fd = must_open("scratch", O_WRITE | O_CREATE);

    for (uint32_t size = 0; size < FILE_MAX_SIZE - PAGE; size += sizeof(buffer) - PAGE)
        CHECK(write(fd, buffer, PAGE) == PAGE);
    CHECK(write(fd, buffer, sizeof(buffer)) == PAGE);
    CHECK(write(fd, buffer, 1) == -EFBIG);
    CHECK(unlink("scratch") == 0);
}

static int create_files(const char *prefix)
{
    char name[NAME_SIZE];
    int fd, n = 0;

    for (;; n++) {
        copy_name(name, prefix, NAME_SIZE);
        name[0] = (char)('A' + n);
        fd = open(name, O_WRITE | O_CREATE);
        if (fd < 0)
            break;
        close(fd);
    }
    CHECK(fd == -ENOSPC);
    return n;
}

void test_directory_limit(void)
{
    char name[] = "?file";
    int n = create_files(name);

    CHECK(n > 0);
    for (int i = 0; i < n; i++) {
        name[0] = (char)('A' + i);
        CHECK(unlink(name) == 0);
    }
}

void test_dup_shares_offset(void)
{
    int fd = must_open("readme", O_READ);
    int copy = dup(fd);
    char c[2];

    CHECK(copy > fd);
    CHECK(read(fd, &c[0], 1) == 1);
    CHECK(read(copy, &c[1], 1) == 1);
    CHECK(c[0] == 'T' && c[1] == 'h');
    close(fd);
    CHECK(read(copy, c, 1) == 1 && c[0] == 'i');
}

void test_stat_and_readdir(void)
{
    struct fileinfo info, entry;
    int fd = must_open("readme", O_READ);
    int found = 0, error;

    CHECK(stat(fd, &info) == 0);
    CHECK(info.kind == KIND_FILE && info.read_only && strcmp(info.name, "readme") == 0);
    CHECK(read(fd, buffer, sizeof(buffer)) == (int)info.size);
    for (uint32_t slot = 0; (error = readdir(slot, &entry)) != -EINVAL; slot++)
        found += error == 0 && memcmp(&info, &entry, sizeof(info)) == 0;
    CHECK(found == 1);
    fd = must_open("console", O_WRITE);
    CHECK(stat(fd, &info) == 0 && info.kind == KIND_CONSOLE);
}

/* Several processes at once, as many in the kernel as there are CPUs. */
enum { WRITERS = 4, RECORDS = 40 };

static int shared_fd;
static uint8_t writer;

/* To a file that all have open, with one offset; and a file of its own, made and removed. */
static void write_records(void)
{
    char name[] = "?own";

    name[0] = (char)('A' + writer);
    for (uint8_t i = 0; i < RECORDS; i++) {
        uint8_t record[] = {writer, i};
        int own = must_open(name, O_WRITE | O_CREATE);

        CHECK(write(shared_fd, record, sizeof(record)) == sizeof(record));
        CHECK(unlink(name) == 0);
        CHECK(close(own) == 0);
    }
}

/* Each record is there once, and those of one process are in its order. */
static void check_records(const char *records)
{
    uint8_t next[WRITERS] = {0};

    for (int i = 0; i < WRITERS * RECORDS; i++) {
        uint8_t from = (uint8_t)records[2 * i];

        CHECK(from < WRITERS);
        CHECK((uint8_t)records[2 * i + 1] == next[from]++);
    }
}

void test_files_at_once(void)
{
    int size = 2 * WRITERS * RECORDS;

    shared_fd = must_open("scratch", O_READ | O_WRITE | O_CREATE);
    for (writer = 0; writer < WRITERS; writer++)
        start_child(write_records);
    for (int i = 0, status; i < WRITERS; i++)
        CHECK(wait(&status, 0) > 0 && status == 0);
    close(shared_fd);
    shared_fd = must_open("scratch", O_READ);
    CHECK(read(shared_fd, buffer, sizeof(buffer)) == size);
    check_records(buffer);
    CHECK(unlink("scratch") == 0);
}
