/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_hll.c - a WebAssembly module of any bytes: it is refused with a reason, or it runs, and then
 * does nothing outside its arena, and ends when its fuel does. Run twice, it does the same.
 */
#include <string.h>

#include "guestos/common/hll/hll.h"
#include "tests/fuzz/fuzz.h"

enum { ARENA = 5 << 18, GUARD = 64, WORDS = 512, FUEL = 200, MARK = 0xa5 };

static uint64_t seen;

static void see(uint32_t value)
{
    seen = (seen ^ value) * 1099511628211ull;
}

/* The sanitizer looks at every byte that the module shows us. */
static int32_t write_any(int fd, const void *from, uint32_t n)
{
    see((uint32_t)fd);
    for (uint32_t i = 0; i < n; i++)
        see(((const uint8_t *)from)[i]);
    return (int32_t)n;
}

static int32_t read_any(int fd, void *to, uint32_t n)
{
    memset(to, fd + 1, n);
    return (int32_t)n;
}

static void call_exports(struct hll *m, const uint8_t *bytes, size_t len)
{
    char name[4], type[2 * WORDS];

    for (size_t i = 0; i + 1 < len; i++) {
        uint32_t words[WORDS] = {1, 2, 3, 4};
        enum hll_result result;

        if (bytes[i] != 1 || bytes[i + 1] == 0)
            continue;
        name[0] = (char)bytes[i + 1];
        name[1] = 0;
        if (!hll_type(m, name, type, sizeof(type)))
            continue;
        result = hll_call(m, name, words, WORDS);
        MUST(result != HLL_REFUSED);
        MUST(result != HLL_TRAPPED || *hll_why(m));
        see((uint32_t)result);
        see(words[0]);
    }
}

static uint64_t once(const uint8_t *bytes, size_t len)
{
    static char name[] = "fuzz";
    static char *const argv[] = {name, NULL};
    const struct hll_system sys = {
        .read = read_any, .write = write_any, .argc = 1, .argv = argv, .fuel = FUEL};
    uint8_t *arena = aligned_alloc(16, ARENA + GUARD);
    struct hll *m;
    enum hll_result result;

    MUST(arena);
    memset(arena, 0, ARENA);
    memset(arena + ARENA, MARK, GUARD);
    seen = 14695981039346656037ull;
    m = hll_create(arena, ARENA, &sys);
    MUST(m);
    result = hll_load(m, bytes, (uint32_t)len);
    MUST(result != HLL_REFUSED || (*hll_why(m) && hll_where(m) <= len));
    if (result == HLL_OK)
        call_exports(m, bytes, len);
    see((uint32_t)result);
    for (int i = 0; i < GUARD; i++)
        MUST(arena[ARENA + i] == MARK);
    free(arena);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    MUST(once(bytes, len) == once(bytes, len));
    return 0;
}
