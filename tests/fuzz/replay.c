/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - runs a fuzz target on every file of the directories named, under any compiler: what
 * fuzzing once found stays found. Ends with 1 if there was nothing to run.
 */
#include <dirent.h>
#include <limits.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tools/base/file.h"

enum { MOST = 1 << 20 };

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

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++)
        count += run_directory(argv[i]);
    printf("%u files\n", count);
    return count ? EXIT_SUCCESS : EXIT_FAILURE;
}
