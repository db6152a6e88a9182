/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.c - how each kind of file is compiled: parts of the monitor, in which forbidden names are
 * poisoned by a header that comes before the file; guests; programs for a system that is a guest
 * with them in it. Compilers are run by compilejob.c.
 */
#include "tools/sandbox/compile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/host/host.h"
#include "tools/sandbox/compilejob.h"

/* Poison the forbidden names, after the headers that declare them. */
static enum pz_err write_prelude(const char *path, const json_t *forbid,
                                 struct problem *problem)
{
    FILE *file = fopen(path, "we");

    if (!file)
        return problem_set(problem, PZ_HOST, "%s: cannot be written: %s", path,
                           strerror(errno));
    fputs("#include \"isa/csr.h\"\n#include \"vmm/parts.h\"\n", file);
    for (size_t i = 0; i < json_array_size(forbid); i++)
        fprintf(file, "#undef %1$s\n#pragma GCC poison %1$s\n",
                json_string_value(json_array_get(forbid, i)));
    fclose(file);
    return PZ_OK;
}

enum pz_err compile_part(const char *source, const char *output, const json_t *forbid,
                         struct compiled *compiled, struct problem *problem)
{
    static const char *const headers[] = {"isa/*.h", "isa/*.def", "isa/engine/*.h",
                                          "vmm/*.h", "vmm/*.def", "vmm/board/*.h",
                                          NULL};
    static const char *const flags[] = {
        "-shared",
        "-fPIC",
        "-std=gnu17",
        "-O1",
        "-Wall",
        "-Wextra",
        "-DPZ_DEBUG=0",
        "-fno-diagnostics-show-caret",
        "-Wl,--wrap=allocate_page,--wrap=allocate_reserve,--wrap=allocate_reserved"
        ",--wrap=allocate_free",
        "-include",
        NULL};
    const char *cc = getenv("CC");
    char prelude[PATH_ROOM + 16], home[PATH_ROOM + 16];
    struct compilejob job = {.headers = headers};
    enum pz_err err;

    *compiled = (struct compiled){.built = false};
    err = compilejob_begin(&job, source, output, problem);
    if (err)
        return err;
    path_format(prelude, sizeof prelude, "%s/parts.h", job.folder);
    path_format(home, sizeof home, "-I%s", home_directory());
    err = write_prelude(prelude, forbid, problem);
    compilejob_add(&job, cc && cc[0] ? cc : "cc");
    compilejob_add_all(&job, flags);
    compilejob_add(&job, prelude);
    compilejob_add(&job, home);
    compilejob_add(&job, "-o");
    compilejob_add(&job, job.output);
    compilejob_add(&job, source);
    if (!err)
        err = compilejob_run(&job, compiled, problem);
    return compilejob_end(&job, output, err, compiled, problem);
}

enum pz_err compile_guest(const char *source, const char *output, struct compiled *compiled,
                          struct problem *problem)
{
    static const char *const headers[] = {"tests/guest/*.inc", "tests/guest/*.h",
                                          "tests/guest/*.ld", NULL};
    static const char *const flags[] = {"--target=riscv32-unknown-elf",
                                        "-march=rv32imac",
                                        "-mabi=ilp32",
                                        "-mno-relax",
                                        "-g",
                                        "-nostdlib",
                                        "-static",
                                        "-fuse-ld=lld",
                                        NULL};
    char include[PATH_ROOM + 32], script[PATH_ROOM + 48];
    struct compilejob job = {.headers = headers};
    enum pz_err err;

    *compiled = (struct compiled){.built = false};
    err = compilejob_begin(&job, source, output, problem);
    if (err)
        return err;
    path_format(include, sizeof include, "-I%s/tests/guest", home_directory());
    path_format(script, sizeof script, "-Wl,-T,%s/tests/guest/guest.ld", home_directory());
    compilejob_add(&job, "clang");
    compilejob_add_all(&job, flags);
    compilejob_add(&job, include);
    compilejob_add(&job, script);
    compilejob_add(&job, "-o");
    compilejob_add(&job, job.output);
    compilejob_add(&job, source);
    err = compilejob_run(&job, compiled, problem);
    return compilejob_end(&job, output, err, compiled, problem);
}

/* ---- Programs for systems ---- */

/* guestos/course/README.md says what is in guests/course/NAME/. */
struct course_system {
    const char *name;
    const char *file;           /* what the student's program is called in the archive */
    const char *const *headers; /* patterns */
    const char *const *flags;   /* of the program: folders of headers, how it is linked */
    const char *script, *archive, *kernel_script;
};

static const char *const micro_headers[] = {"guestos/common/*/*.h",
                                            "guestos/common/*/*.S",
                                            "guestos/common/include/common/*",
                                            "guestos/micro/lib/*.h",
                                            "guestos/micro/include/micro/*",
                                            "guestos/course/store/*.h",
                                            "guestos/micro/port/*.ld",
                                            "guestos/micro/kernel/*.ld",
                                            NULL};
static const char *const micro_flags[] = {"-Icommon/include",
                                          "-Icommon/lib",
                                          "-Imicro/include",
                                          "-Imicro/lib",
                                          "-Icourse/store",
                                          "-Wl,--nmagic",
                                          NULL};
static const char *const exo_headers[] = {
    "guestos/common/*/*.h",      "guestos/common/include/common/*",
    "guestos/exo/*/*.h",         "guestos/exo/*/*.ld",
    "guestos/exo/include/exo/*", "guestos/exo/kernel/*.S",
    "guestos/course/paging/*.h", NULL};
static const char *const exo_flags[] = {"-Icommon/include",
                                        "-Icommon/lib",
                                        "-Iexo/include",
                                        "-Icourse/paging",
                                        "-Wl,--defsym=BASE=0x10000",
                                        "-Wl,--nmagic,--oformat=binary",
                                        NULL};

static const struct course_system systems[] = {
    {"micro", "null", micro_headers, micro_flags, "micro/port/user.ld", "common/lib/archive.S",
     "micro/kernel/kernel.ld"},
    {"exo", "paging", exo_headers, exo_flags, "exo/lib/flat.ld", "exo/kernel/archive.S",
     "exo/kernel/exo.ld"},
};

static const struct course_system *find_system(const char *name)
{
    for (unsigned i = 0; i < sizeof systems / sizeof systems[0]; i++)
        if (!strcmp(systems[i].name, name))
            return &systems[i];
    return NULL;
}

bool compile_has_system(const char *system)
{
    return find_system(system) != NULL;
}

/* The compiler and the linker, for programs and kernels alike. */
static void add_common(struct compilejob *job)
{
    static const char *const flags[] = {"--target=riscv32",
                                        "-march=rv32ima",
                                        "-mabi=ilp32",
                                        "-mno-relax",
                                        "-ffreestanding",
                                        "-nostdlib",
                                        "-static",
                                        "-std=gnu17",
                                        "-O2",
                                        "-Wall",
                                        "-Wextra",
                                        "-ffunction-sections",
                                        "-fdata-sections",
                                        "-fuse-ld=lld",
                                        "-Wl,--gc-sections,--build-id=none,-z,norelro",
                                        NULL};

    job->count = 0;
    compilejob_add(job, "clang");
    compilejob_add_all(job, flags);
}

/* Into the job's folder, under the name that it has in the archive. */
static enum pz_err build_program(struct compilejob *job, const struct course_system *system,
                                 struct compiled *compiled, struct problem *problem)
{
    char script[PATH_ROOM];

    path_format(script, sizeof script, "-Wl,-T,%s", system->script);
    path_format(job->output, sizeof job->output, "%s/%s", job->folder, system->file);
    add_common(job);
    compilejob_add_all(job, system->flags);
    compilejob_add(job, "-Wl,--strip-all");
    compilejob_add(job, script);
    compilejob_add(job, "-o");
    compilejob_add(job, job->output);
    compilejob_add(job, job->files[0]);
    compilejob_add(job, job->source);
    return compilejob_run(job, compiled, problem);
}

static enum pz_err write_list(const struct compilejob *job, const struct course_system *system,
                              struct problem *problem)
{
    char path[PATH_ROOM + 16];
    FILE *file;

    path_format(path, sizeof path, "%s/archive.inc", job->folder);
    file = fopen(path, "we");
    if (!file || fprintf(file, "file \"%s\"\n", system->file) < 0 || fclose(file))
        return problem_set(problem, PZ_HOST, "%.200s: cannot be written: %s", path,
                           strerror(errno));
    return PZ_OK;
}

/* The archive's last part, with the program; it follows the system's objects. */
static enum pz_err build_image(struct compilejob *job, const struct course_system *system,
                               struct compiled *compiled, struct problem *problem)
{
    char script[PATH_ROOM], folder[PATH_ROOM + 8];

    path_format(script, sizeof script, "-Wl,-T,%s", system->kernel_script);
    path_format(folder, sizeof folder, "-Wa,-I%s", job->folder);
    path_format(job->output, sizeof job->output, "%s/out", job->folder);
    add_common(job);
    compilejob_add(job, "-DARCHIVE_ENDS");
    compilejob_add(job, folder);
    compilejob_add(job, script);
    compilejob_add(job, "-Wl,--defsym=PHYS_BASE=0");
    compilejob_add(job, "-o");
    compilejob_add(job, job->output);
    compilejob_add(job, job->files[1]);
    compilejob_add(job, system->archive);
    free(compiled->said);
    return compilejob_run(job, compiled, problem);
}

static enum pz_err find_objects(const struct course_system *system, char paths[2][PATH_ROOM],
                                struct problem *problem)
{
    static const char *const names[] = {"program", "system"};
    char name[PATH_ROOM];
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < 2; i++) {
        path_format(name, sizeof name, "course/%s/%s.o", system->name, names[i]);
        err = guests_find(name, paths[i], PATH_ROOM, problem);
    }
    return err;
}

enum pz_err compile_system(const char *name, const char *source, const char *output,
                           struct compiled *compiled, struct problem *problem)
{
    const struct course_system *system = find_system(name);
    char paths[2][PATH_ROOM], place[PATH_ROOM];
    struct compilejob job = {
        .headers = system->headers, .files = {paths[0], paths[1]}, .place = place};
    enum pz_err err = find_objects(system, paths, problem);

    *compiled = (struct compiled){.built = false};
    path_format(place, sizeof place, "%s/guestos", home_directory());
    if (!err)
        err = compilejob_begin(&job, source, output, problem);
    if (err)
        return err;
    err = write_list(&job, system, problem);
    if (!err)
        err = build_program(&job, system, compiled, problem);
    if (!err && compiled->built)
        err = build_image(&job, system, compiled, problem);
    return compilejob_end(&job, output, err, compiled, problem);
}
