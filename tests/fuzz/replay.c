/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - runs a fuzz target on every file of the directories named, under any compiler: what
 * fuzzing once found stays found; and with -rN on N random inputs. Ends with 1 if there was nothing
 * to run.
 */
#include <dirent.h>
#include <limits.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/random.h"
#include "tools/base/file.h"

enum { MOST = 1 << 20, RANDOM_MOST = 40 };

/* In memory of exactly its size, so that a sanitizer sees the first byte beyond. */
static void run_exactly(const struct file *file)
{
    uint8_t *bytes = malloc(file->len ? file->len : 1);

    MUST(bytes);
    if (file->len)
        memcpy(bytes, file->bytes, file->len);
    (void)LLVMFuzzerTestOneInput(bytes, file->len);
    free(bytes);
}

static void run_file(const char *path)
{
    struct file file;
    struct problem problem;

    if (file_read(path, MOST, &file, &problem)) {
        fprintf(stderr, "%s: %s\n", path, problem.text);
        exit(1);
    }
    fprintf(stderr, "%s\n", path); /* before: it may be the last */
    run_exactly(&file);
    file_free(&file);
}

static unsigned run_directory(const char *path)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    char name[PATH_MAX];
    unsigned count = 0;

    MUST(directory);
    while ((entry = readdir(directory))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        run_file(name);
        count++;
    }
    closedir(directory);
    return count;
}

static unsigned run_random(unsigned count)
{
    uint64_t seed = rng_seed(1);

    for (unsigned i = 0; i < count; i++) {
        struct rng rng = rng_new(seed + i);
        uint8_t bytes[RANDOM_MOST];
        size_t len = 1 + rng_below(&rng, RANDOM_MOST);

        for (size_t k = 0; k < len; k++)
            bytes[k] = (uint8_t)rng_next(&rng);
        fprintf(stderr, "PZ_SEED=%llu, input %u\n", (unsigned long long)seed, i);
        run_exactly(&(struct file){bytes, len});
    }
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++)
        count += strncmp(argv[i], "-r", 2) ? run_directory(argv[i])
                                           : run_random((unsigned)atoi(argv[i] + 2));
    printf("%u files\n", count);
    return count ? EXIT_SUCCESS : EXIT_FAILURE;
}
