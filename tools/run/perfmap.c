/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * perfmap.c - /tmp is writable for everyone, so the file is used only if this process has
 * created it. Blocks are consecutive in the cache; what is between two blocks are slow paths of
 * the first.
 */
#include "tools/run/perfmap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "tools/run/profile_functions.h"

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"

static void entry(struct perfmap *map, const uint8_t *host, uint64_t len, const char *name)
{
    if (len &&
        fprintf(map->file, "%" PRIxPTR " %" PRIx64 " %s\n", (uintptr_t)host, len, name) < 0)
        map->error = map->error ? map->error : EIO;
}

/* The hart that runs, and who it is. */
static struct peek runner(const struct perfmap *map, const struct symbols **kernel, char *who,
                          size_t room)
{
    struct vm *vm;
    unsigned k;

    if (map->bare) {
        *kernel = &map->bare->image.symbols;
        snprintf(who, room, "bare");
        return peek_bare(&map->bare->bare);
    }
    vm = map->machine->vmm.current;
    k = machine_index(map->machine, vm);
    *kernel = &machine_image(map->machine, k)->symbols;
    snprintf(who, room, "vm%u", k);
    return peek_vm(vm);
}

static void name_block(struct perfmap *map, uint32_t va, char name[PERFMAP_NAME])
{
    const struct symbols *kernel;
    char who[16], function[PROFILE_NAME];
    struct peek peek = runner(map, &kernel, who, sizeof who);
    struct place place = programs_place(map->programs, kernel, &peek, va);
    const struct profile_frame frame = {.name = place.function};
    const char *mode = peek.hart->mode == HART_USER ? "user" : "kernel";
    const char *program = place.program ? place.program->name : "";

    if (place.function)
        snprintf(name, PERFMAP_NAME, "guest:%.40s%s%s+0x%" PRIx32 " [%s %s]", program,
                 place.program ? ":" : "", profile_name(&frame, function), place.offset, who,
                 mode);
    else
        snprintf(name, PERFMAP_NAME, "guest:0x%08" PRIx32 " [%s %s]", va, who, mode);
}

/* What lies between the last block and `next`. */
static void slow_paths(struct perfmap *map, const uint8_t *next)
{
    char name[PERFMAP_NAME + 16];

    if (!map->end || next < map->end)
        return; /* the first, or the cache was emptied */
    snprintf(name, sizeof name, "%s slow paths", map->last);
    entry(map, map->end, (uint64_t)(next - map->end), name);
}

static void translated(void *owner, const struct jit_block *block)
{
    struct perfmap *map = owner;

    slow_paths(map, block->host);
    name_block(map, block->va, map->last);
    entry(map, block->host, block->host_len, map->last);
    map->end = block->host + block->host_len;
}

static void begin(struct perfmap *map)
{
    struct jit_code code = jit_code(map->jit);

    entry(map, code.host, code.fixed, "pz:trampolines");
    jit_tell(map->jit, translated, NULL, map);
}

static void end(struct perfmap *map)
{
    struct jit_code code = jit_code(map->jit);

    slow_paths(map, code.host + code.used);
    jit_tell(map->jit, NULL, NULL, NULL);
}
#else
static void begin(struct perfmap *map)
{
    (void)map;
}

static void end(struct perfmap *map)
{
    (void)map;
}
#endif

/* One that an earlier process of this number has left, and that is ours to remove. */
static bool is_left_over(const char *path)
{
    struct stat status;

    return !lstat(path, &status) && S_ISREG(status.st_mode) && status.st_uid == geteuid();
}

static int create(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static enum pz_err open_file(struct perfmap *map, struct problem *problem)
{
    int fd;

    snprintf(map->path, sizeof map->path, "/tmp/perf-%ld.map", (long)getpid());
    fd = create(map->path);
    if (fd < 0 && errno == EEXIST && is_left_over(map->path) && !unlink(map->path))
        fd = create(map->path);
    if (fd >= 0)
        map->file = fdopen(fd, "w");
    if (map->file)
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "--perf-map: %s: cannot be made: %s%s", map->path,
                       strerror(errno),
                       errno == EEXIST ? ", and the file is not yours: have it removed" : "");
}

enum pz_err perfmap_open(struct perfmap *map, const struct options *options,
                         const struct engines_one *engine, struct problem *problem)
{
    enum pz_err err;

    *map = (struct perfmap){.options = options};
    if (!options->perf_map)
        return PZ_OK;
    map->jit = engines_jit(engine);
    if (!map->jit)
        return problem_set(problem, options->engine ? PZ_USAGE : PZ_HOST,
                           "--perf-map: the engine %s generates no host code: use jit (see pz "
                           "doctor)",
                           engine->kind->name);
    err = programs_open(&map->programs, options, problem);
    return err ? err : open_file(map, problem);
}

enum pz_err perfmap_machine(struct perfmap *map, struct machine *machine,
                            struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (!map->file)
        return PZ_OK;
    map->machine = machine;
    for (unsigned i = 0; i < machine->image_count; i++)
        if (!err && !map->options->symbols.count)
            err = programs_beside(map->programs, machine->images[i].path, problem);
    begin(map);
    return err;
}

enum pz_err perfmap_bare(struct perfmap *map, struct machine_bare *bare,
                         struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (!map->file)
        return PZ_OK;
    map->bare = bare;
    if (!map->options->symbols.count)
        err = programs_beside(map->programs, bare->image.path, problem);
    begin(map);
    return err;
}

enum pz_err perfmap_close(struct perfmap *map, struct problem *problem)
{
    if (map->file) {
        end(map);
        errno = 0;
        if (fclose(map->file))
            map->error = errno ? errno : EIO;
    }
    map->file = NULL;
    programs_free(map->programs);
    map->programs = NULL;
    if (!map->error)
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "--perf-map: %s: could not be written in full: %s",
                       map->path, strerror(map->error));
}
