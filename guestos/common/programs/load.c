/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.c - load [KEY=N]...: keeps a system as busy as it is told, for some seconds, to see what
 * that does to its neighbours, or what it takes to move it. In each tenth of a second it writes to
 * memory, uses files and makes system calls, so many as are due; computes for a part of it; and
 * sleeps for the rest. At the end what was written last is still there, or it fails.
 */
#include "user.h"

enum {
    PERIOD_MS = 100,
    PERIODS = 1000 / PERIOD_MS,
    WORDS = 1024,
    KIB_PER_PAGE = 4,
    SPIN = 2000
};

enum key { KEY_SECONDS, KEY_CPU, KEY_MEMORY, KEY_WRITES, KEY_FILES, KEY_CALLS, KEYS };

static const struct {
    const char *name;
    uint32_t fallback, most;
    const char *what;
} keys[KEYS] = {
    [KEY_SECONDS] = {"seconds", 5, 1000000, "how long; 0: until it is killed"},
    [KEY_CPU] = {"cpu", 50, 100, "per cent of the time that it computes, in steps of ten"},
    [KEY_MEMORY] = {"memory", 256, 1 << 20, "KiB that it writes to, over and over"},
    [KEY_WRITES] = {"writes", 1000, 10000000, "pages a second to which it writes a word"},
    [KEY_FILES] = {"files", 0, 100000, "files a second: made, written, read and removed"},
    [KEY_CALLS] = {"calls", 0, 10000000, "system calls a second that do nothing"},
};

static uint32_t wanted[KEYS];
static uint32_t *memory, pages;
static uint32_t done[KEYS]; /* of those that are counted */

static void usage(void)
{
    dprintf(2, "load: say KEY=N, with\n");
    for (uint32_t i = 0; i < KEYS; i++)
        dprintf(2, "  %s  %s (%u)\n", keys[i].name, keys[i].what, keys[i].fallback);
    exit(2);
}

static void read_word(const char *word)
{
    for (uint32_t i = 0; i < KEYS; i++) {
        size_t n = strlen(keys[i].name);

        if (strncmp(word, keys[i].name, n) == 0 && word[n] == '=' &&
            parse_number(word + n + 1, &wanted[i]) && wanted[i] <= keys[i].most)
            return;
    }
    usage();
}

/* ---- What it does ---- */

/* The n-th write: page by page, and each time a page comes round, its next word. */
static uint32_t *place(uint32_t n)
{
    return memory + n % pages * WORDS + n / pages % WORDS;
}

static void write_memory(void)
{
    uint32_t n = done[KEY_WRITES];

    *place(n) = n + 1;
}

/* Of the writes that no later one has undone, how many are not there? */
static uint32_t count_lost(void)
{
    uint32_t end = done[KEY_WRITES], all = pages * WORDS, lost = 0;

    for (uint32_t n = end > all ? end - all : 0; n < end; n++)
        lost += *place(n) != n + 1;
    return lost;
}

static void fail(const char *what, int error)
{
    dprintf(2, "load: %s: %s\n", what, error_text(error));
    exit(1);
}

static void use_file(void)
{
    static uint8_t bytes[512], back[sizeof(bytes)];
    int fd = open("load.tmp", O_READ | O_WRITE | O_CREATE | O_TRUNC), error;

    if (fd < 0)
        fail("load.tmp", fd);
    memset(bytes, (int)done[KEY_FILES], sizeof(bytes));
    error = write_all(fd, bytes, sizeof(bytes));
    close(fd);
    fd = open("load.tmp", O_READ);
    if (error < 0 || fd < 0 || read(fd, back, sizeof(back)) != (int)sizeof(back) ||
        memcmp(bytes, back, sizeof(bytes)) != 0)
        fail("load.tmp", error < 0 ? error : fd);
    close(fd);
    unlink("load.tmp");
}

static void make_call(void)
{
    getpid();
}

static void compute(uint32_t until)
{
    volatile uint32_t x = 1;

    while ((uint32_t)uptime() < until)
        for (uint32_t i = 0; i < SPIN; i++)
            x = x * 31 + i;
}

/* What is due of a rate, at the end of so many periods. */
static void catch_up(enum key key, uint32_t periods, void (*act)(void))
{
    uint32_t due = periods / PERIODS * wanted[key] + periods % PERIODS * wanted[key] / PERIODS;

    for (; done[key] < due; done[key]++)
        act();
}

static void run_period(uint32_t start, uint32_t period)
{
    uint32_t begin = start + period * PERIOD_MS, now;

    catch_up(KEY_WRITES, period + 1, write_memory);
    catch_up(KEY_FILES, period + 1, use_file);
    catch_up(KEY_CALLS, period + 1, make_call);
    compute(begin + wanted[KEY_CPU] * PERIOD_MS / 100);
    now = (uint32_t)uptime();
    if (now < begin + PERIOD_MS)
        sleep(begin + PERIOD_MS - now);
}

int main(int argc, char **argv)
{
    uint32_t start, lost;

    for (uint32_t i = 0; i < KEYS; i++)
        wanted[i] = keys[i].fallback;
    for (int i = 1; i < argc; i++)
        read_word(argv[i]);
    pages = wanted[KEY_MEMORY] / KIB_PER_PAGE ? wanted[KEY_MEMORY] / KIB_PER_PAGE : 1;
    memory = sbrk((int)(pages * WORDS * sizeof(*memory)));
    if (is_error(memory))
        fail("memory", -ENOMEM);
    start = (uint32_t)uptime();
    for (uint32_t i = 0; !wanted[KEY_SECONDS] || i < wanted[KEY_SECONDS] * PERIODS; i++)
        run_period(start, i);
    lost = count_lost();
    printf("load: %u ms, %u writes to %u pages, %u files, %u calls; %u words lost\n",
           (uint32_t)uptime() - start, done[KEY_WRITES], pages, done[KEY_FILES],
           done[KEY_CALLS], lost);
    return lost != 0;
}
