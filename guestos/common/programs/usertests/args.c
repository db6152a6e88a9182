/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * args.c - system calls with arguments that no honest program would pass. Each must be refused
 * with the right error, and the process must live on.
 */
#include "usertests.h"

static int raw_call(uint32_t number)
{
    register uint32_t a0 asm("a0") = 0;
    register uint32_t a7 asm("a7") = number;

    asm volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
    return (int)a0;
}

void test_bad_number(void)
{
    CHECK(raw_call(0) == -ENOSYS);
    CHECK(raw_call(25) == -ENOSYS);
    CHECK(raw_call(1000) == -ENOSYS);
    CHECK(raw_call(UINT32_MAX) == -ENOSYS);
    CHECK(raw_call(0x80000006) == -ENOSYS);
}

static void check_read_refused(int fd, uint32_t address)
{
    CHECK(read(fd, pointer(address), 100) == -EFAULT);
    CHECK(read(fd, pointer(address), 1) == -EFAULT);
    CHECK(read(fd, pointer(address), 0) == 0);
}

void test_bad_read(void)
{
    int fd = open("readme", O_READ);

    CHECK(fd >= 0);
    for (const uint32_t *p = unreadable; *p; p++)
        check_read_refused(fd, *p);
    for (const uint32_t *p = unwritable; *p; p++)
        check_read_refused(fd, *p);
}

/* A refused write must not have written: to a pipe, nothing may come out of it. */
void test_bad_write(void)
{
    int fds[2];
    char c;

    CHECK(pipe(fds) == 0);
    for (const uint32_t *p = unreadable; *p; p++) {
        CHECK(write(fds[1], pointer(*p), 100) == -EFAULT);
        CHECK(write(fds[1], pointer(*p), 0) == 0);
        CHECK(write(1, pointer(*p), 100) == -EFAULT);
    }
    close(fds[1]);
    CHECK(read(fds[0], &c, 1) == 0);
}

/* From a good page into a bad one: what is before the border counts. Never past the top. */
void test_bad_transfer_size(void)
{
    char *end = grow(1) + PAGE;
    int fd = open("sh", O_READ);

    CHECK(read(fd, end - 10, 100) == -EFAULT);
    CHECK(read(fd, end - PAGE, UINT32_MAX) == -EINVAL);
    CHECK(read(fd, end - PAGE, INT32_MAX) < PAGE + 1);
    fd = open("scratch", O_WRITE | O_CREATE);
    CHECK(write(fd, end - PAGE, UINT32_MAX) == -EINVAL);
    CHECK(write(fd, end - PAGE, INT32_MAX) == PAGE);
    CHECK(write(fd, pointer((uint32_t)KERNEL - 16), 32) <= 16);
    CHECK(unlink("scratch") == 0);
}

void test_bad_fd(void)
{
    static const int bad[] = {-1, MAX_FDS, MAX_FDS - 1, INT32_MAX, INT32_MIN};
    struct fileinfo info;
    char c = 0;

    for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK(read(bad[i], &c, 1) == -EBADF);
        CHECK(write(bad[i], &c, 1) == -EBADF);
        CHECK(close(bad[i]) == -EBADF);
        CHECK(dup(bad[i]) == -EBADF);
        CHECK(stat(bad[i], &info) == -EBADF);
    }
}

/* A string that ends where memory does, without its zero; and one that is only too long. */
static void check_long_paths(void)
{
    char *page = grow(1);

    memset(page, 'x', PAGE);
    CHECK(open(page + PAGE - 8, O_READ) == -EFAULT);
    CHECK(open(page, O_READ | O_CREATE) == -ENAMETOOLONG);
    CHECK(unlink(page) == -ENAMETOOLONG);
    page[NAME_SIZE - 1] = '\0';
    CHECK(open(page, O_READ) == -ENOENT);
}

void test_bad_path(void)
{
    char *none[] = {NULL};

    for (const uint32_t *p = unreadable; *p; p++) {
        CHECK(open(pointer(*p), O_READ) == -EFAULT);
        CHECK(unlink(pointer(*p)) == -EFAULT);
        CHECK(exec(pointer(*p), none) == -EFAULT);
    }
    CHECK(open("", O_READ | O_CREATE) == -ENOENT);
    CHECK(open("/", O_READ | O_CREATE) == -ENOENT);
    CHECK(open("nosuch", O_READ) == -ENOENT);
    CHECK(unlink("nosuch") == -ENOENT);
    check_long_paths();
}

static void check_result_pointer(void *bad)
{
    CHECK(meminfo(bad) == -EFAULT);
    CHECK(procinfo(0, bad) == -EFAULT);
    CHECK(readdir(0, bad) == -EFAULT);
    CHECK(stat(0, bad) == -EFAULT);
}

void test_bad_result_pointer(void)
{
    for (const uint32_t *p = unreadable; *p; p++)
        check_result_pointer(pointer(*p));
    for (const uint32_t *p = unwritable; *p; p++)
        check_result_pointer(pointer(*p));
}

/* No descriptor may stay open that the program was not told of. */
void test_bad_pipe_pointer(void)
{
    int before = dup(0);

    close(before);
    for (const uint32_t *p = unreadable; *p; p++)
        CHECK(pipe(pointer(*p)) == -EFAULT);
    CHECK(pipe(pointer(4)) == -EFAULT);
    CHECK(dup(0) == before);
}

void test_bad_exec_pointer(void)
{
    for (const uint32_t *p = unreadable; *p; p++) {
        char *bad_string[] = {"echo", pointer(*p), NULL};

        CHECK(exec("echo", pointer(*p)) == -EFAULT);
        CHECK(exec("echo", bad_string) == -EFAULT);
    }
}

static void exit_with_7(void)
{
    exit(7);
}

/* A status that cannot be delivered is not lost: the next wait gets it. */
void test_bad_wait(void)
{
    int pid = start_child(exit_with_7);

    CHECK(wait(NULL, 2) == -EINVAL);
    CHECK(wait(NULL, -1) == -EINVAL);
    for (const uint32_t *p = unreadable; *p; p++)
        CHECK(wait(pointer(*p), 0) == -EFAULT);
    CHECK(wait(pointer(4), 0) == -EFAULT);
    CHECK(wait_child(pid) == 7);
}

void test_bad_scalars(void)
{
    struct procinfo process;
    struct fileinfo file;

    CHECK(procinfo(MAX_PROCESSES, &process) == -EINVAL);
    CHECK(procinfo(UINT32_MAX, &process) == -EINVAL);
    CHECK(readdir(UINT32_MAX, &file) == -EINVAL);
    CHECK(poweroff(2) == -EINVAL);
    CHECK(poweroff(-1) == -EINVAL);
    CHECK(foreground(-1) == -EINVAL);
    CHECK(hold(UINT32_MAX) == -ENOMEM);
    CHECK(sleep(0) == 0);
}
