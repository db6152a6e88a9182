/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox.c - in place of tools/sandbox/: the instance of the module is the wall around a check. It
 * has its own memory, files in memory and no network, and the page runs each verb in a new one;
 * guests are limited in instructions. So a check is a call, and guests are assembled by pz itself.
 * Parts of the monitor and programs of systems are C, which there is no compiler for.
 */
#include "tools/sandbox/sandbox.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/asm/asm.h"
#include "tools/host/host.h"

static enum pz_err needs_host(const char *what, struct problem *problem)
{
    return problem_set(
        problem, PZ_USAGE,
        "%s needs a C compiler and a process of its own, which a page does not have: pz "
        "grade on a computer does it",
        what);
}

/* ---- compile ---- */

enum pz_err compile_part(const char *source, const char *output, const json_t *forbid,
                         struct compiled *compiled, struct problem *problem)
{
    const char *name = strrchr(source, '/');

    (void)output, (void)forbid;
    *compiled = (struct compiled){.built = false};
    return needs_host(name ? name + 1 : source, problem);
}

/* What every guest may include; not what lies beside it, as on a host. */
static char *include(void *owner, const char *name)
{
    (void)owner;
    return asm_find_include("/", name);
}

static char *mistakes(const struct asm_output *output)
{
    char *said = calloc(1, COMPILE_SAID);
    size_t len = 0;

    for (unsigned i = 0; said && i < output->count && len < COMPILE_SAID; i++) {
        const struct asm_diagnostic *d = &output->diagnostics[i];

        len += (size_t)snprintf(said + len, COMPILE_SAID - len, "%s:%u:%u: error: %s\n",
                                d->file, d->line, d->column, d->text);
    }
    return said;
}

static enum pz_err assemble(const char *source, const char *text, const char *output,
                            struct compiled *compiled, struct problem *problem)
{
    struct asm_input input = {.name = source, .text = text, .include = include};
    struct asm_output *made = calloc(1, sizeof *made);
    enum pz_err err = PZ_OK;

    if (!made || !asm_assemble(&input, made) || !(compiled->said = mistakes(made)))
        err = problem_memory(problem, "the program");
    else if (made->elf)
        err = asm_save(output, made, problem);
    compiled->built = !err && made->elf;
    free(made ? made->elf : NULL);
    free(made);
    return err;
}

enum pz_err compile_guest(const char *source, const char *output, struct compiled *compiled,
                          struct problem *problem)
{
    char *text;
    enum pz_err err = asm_read(source, &text, problem);

    *compiled = (struct compiled){.built = false};
    if (!err)
        err = assemble(source, text, output, compiled, problem);
    free(text);
    return err;
}

bool compile_has_system(const char *system)
{
    return !strcmp(system, "micro") || !strcmp(system, "exo");
}

enum pz_err compile_system(const char *system, const char *source, const char *output,
                           struct compiled *compiled, struct problem *problem)
{
    (void)system;
    return compile_part(source, output, NULL, compiled, problem);
}

/* ---- box ---- */

enum pz_err box_run(struct box *box, const struct box_job *job, struct problem *problem)
{
    char folder[PATH_MAX];
    const char *here = getcwd(folder, sizeof folder);

    *box = (struct box){.end = BOX_VERDICT};
    if (job->prepare && !job->prepare(job->owner))
        return needs_host("a part of the monitor", problem);
    box->verdict = job->work(job->owner);
    if (!here || chdir(here))
        return problem_set(problem, PZ_HOST, "the check's folder is gone");
    return box->verdict ? PZ_OK : problem_memory(problem, "the verdict");
}

void box_close(struct box *box)
{
    json_decref(box->verdict);
}

/* ---- partproc, partfile: none is ever started or loaded ---- */

bool partproc_start(const char *object, const struct box_limits *limits)
{
    (void)object, (void)limits;
    return false;
}

int partproc_descriptor(void)
{
    return -1;
}

struct machine_memory *partproc_memory(void)
{
    return NULL;
}

enum pz_err partproc_load(const struct vmm_parts **parts, partproc_ended *ended, void *owner,
                          struct problem *problem)
{
    (void)parts, (void)ended, (void)owner;
    return needs_host("a part of the monitor", problem);
}

bool partproc_has(const char *name)
{
    (void)name;
    return false;
}

void partproc_serve(struct vmm *vmm)
{
    (void)vmm;
}

uint64_t partproc_cpu_ms(void)
{
    return 0;
}

enum pz_err partfile_open(struct partfile *file, const char *path, struct problem *problem)
{
    (void)file, (void)path;
    return needs_host("a part of the monitor", problem);
}

bool partfile_has(const struct partfile *file, const char *name)
{
    (void)file, (void)name;
    return false;
}

/* ---- recording_part ---- */

enum pz_err recording_part_open(struct recording_part *part, struct recording *recording,
                                struct problem *problem)
{
    (void)part;
    return recording->part_source
               ? needs_host("a recording with a student's file in it", problem)
               : PZ_OK;
}

void recording_part_close(struct recording_part *part)
{
    (void)part;
}

/* ---- boxwall, filewall: what cannot be reached needs no wall ---- */

bool boxwall_filters(void)
{
    return true;
}

int filewall_version(void)
{
    return 1;
}
