/* SPDX-License-Identifier: GPL-2.0-or-later */
/* new_kernel.c - `pz new-kernel`: a copy of examples/hello-kernel, in a folder of the user's. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/run/run.h"

#define KERNEL_FILE_MOST (1u << 20)

static const char *const names[] = {"kernel.c", "kernel.ld", "Makefile", "README.md"};

static enum pz_err write_all(const char *path, const struct file *file, struct problem *problem)
{
    FILE *out = fopen(path, "wbx");
    bool fine = out && fwrite(file->bytes, 1, file->len, out) == file->len;

    if (out && fclose(out))
        fine = false;
    return fine ? PZ_OK
                : problem_set(problem, PZ_HOST, "%s: cannot be written: %s", path,
                              strerror(errno));
}

static enum pz_err copy(const char *directory, const char *name, struct problem *problem)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct file file = {0};
    enum pz_err err = PZ_OK;

    path_format(from, sizeof from, "%s/examples/hello-kernel/%s", home_directory(), name);
    if ((size_t)snprintf(to, sizeof to, "%s/%s", directory, name) >= sizeof to)
        return problem_set(problem, PZ_USAGE, "the folder's name is too long");
    err = file_read(from, KERNEL_FILE_MOST, &file, problem);
    if (err)
        problem_prefix(problem, from);
    else
        err = write_all(to, &file, problem);
    file_free(&file);
    return err;
}

/* What is there already stays as it is: a folder that exists is refused. */
static enum pz_err make_folder(const char *directory, struct problem *problem)
{
    if (!mkdir(directory, 0777))
        return PZ_OK;
    if (errno == EEXIST)
        return problem_set(problem, PZ_USAGE, "%s exists already: name a new folder",
                           directory);
    return problem_set(problem, PZ_HOST, "%s: cannot be made: %s", directory, strerror(errno));
}

static enum pz_err tell(const struct options *options, const char *directory,
                        struct problem *problem)
{
    json_t *document;

    if (!options->json) {
        printf("%s: a kernel to begin with. Now: make -C %s run\n", directory, directory);
        return PZ_OK;
    }
    document = json_document("pz-new-kernel/1");
    json_put_text(document, "folder", directory);
    return json_print(document, problem);
}

enum pz_err command_new_kernel(const struct options *options, struct problem *problem)
{
    const char *directory = options_word(&options->kernels, 0, NULL);
    enum pz_err err;

    if (!directory)
        return problem_set(problem, PZ_USAGE, "name the folder to create");
    err = make_folder(directory, problem);
    for (unsigned i = 0; !err && i < sizeof names / sizeof names[0]; i++)
        err = copy(directory, names[i], problem);
    return err ? err : tell(options, directory, problem);
}
