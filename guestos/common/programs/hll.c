/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll.c - hll FILE [ARGUMENT...]: runs a WebAssembly module by the machine of common/hll. Its
 * memory is this program's heap: as much as the system gives, up to a limit.
 */
#include "../hll/hll.h"

#include "user.h"

enum { MOST = 8 << 20, LEAST = 1 << 20, CHUNK = 4096, ALIGN = 16, FAILED = 1, USAGE = 2 };

static int32_t read_fd(int fd, void *to, uint32_t n)
{
    return read(fd, to, n);
}

static int32_t write_fd(int fd, const void *from, uint32_t n)
{
    return write(fd, from, n);
}

static _Noreturn void fail(const char *name, const char *why)
{
    dprintf(2, "hll: %s: %s\n", name, why);
    exit(FAILED);
}

/* The file, in memory that the heap's end is moved for. */
static uint8_t *read_file(const char *name, uint32_t *n)
{
    int fd = open(name, O_READ), got = fd;
    uint8_t *bytes = sbrk(0);

    *n = 0;
    while (got >= 0) {
        if (is_error(sbrk(CHUNK)))
            fail(name, error_text(-ENOMEM));
        got = read(fd, bytes + *n, CHUNK);
        if (got <= 0)
            break;
        *n += (uint32_t)got;
        sbrk(got - CHUNK);
    }
    if (got < 0)
        fail(name, error_text(got));
    close(fd);
    return bytes;
}

/* Zero, as all new memory of a program is. */
static struct hll *create(const struct hll_system *system)
{
    uint32_t odd = (uint32_t)(uintptr_t)sbrk(0) % ALIGN;
    void *arena;

    sbrk((int)(odd ? ALIGN - odd : 0));
    for (uint32_t size = MOST; size >= LEAST; size /= 2) {
        arena = sbrk((int)size);
        if (!is_error(arena))
            return hll_create(arena, size, system);
    }
    fail("machine", error_text(-ENOMEM));
}

static int finish(struct hll *m, enum hll_result result, const char *name)
{
    switch (result) {
    case HLL_OK: return 0;
    case HLL_EXITED: return hll_status(m);
    case HLL_REFUSED:
        dprintf(2, "hll: %s: %s, at byte %u\n", name, hll_why(m), hll_where(m));
        return FAILED;
    default: fail(name, hll_why(m));
    }
}

int main(int argc, char **argv)
{
    static struct hll_system system = {.read = read_fd, .write = write_fd};
    uint32_t n, nothing = 0;
    enum hll_result result;
    uint8_t *bytes;
    struct hll *m;

    if (argc < 2) {
        dprintf(2, "usage: hll FILE [ARGUMENT...]\n");
        return USAGE;
    }
    system.argc = argc - 1;
    system.argv = argv + 1;
    bytes = read_file(argv[1], &n);
    m = create(&system);
    result = hll_load(m, bytes, n);
    if (result == HLL_OK)
        result = hll_call(m, "_start", &nothing, 0);
    return finish(m, result, argv[1]);
}
