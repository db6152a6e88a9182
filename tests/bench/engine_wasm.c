/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine_wasm.c - how fast the engines are that also run in a web page, on the guests of
 * `pz bench`: bare and in a VM, natively and as WebAssembly. For people who work on the engines;
 * `pz bench` measures the whole system.
 *
 *     cc -O2 -flto -I. isa/[a-z]*.c isa/engine/{spec,stops,predecode*}.c vmm/board/[a-z]*.c \
 *         vmm/[a-z]*.c tests/bench/engine_wasm.c -o engines
 *     ./engines predecode bare 50 build/release/guests/bench_sort.elf
 *
 *     tests/wasm/build.bash engines.wasm tests/bench/engine_wasm.c
 *     node tests/wasm/run.mjs engines.wasm wasm vm 50 "$PWD/build/release/guests/bench_sort.elf"
 *
 * "eager" is "wasm" that translates what runs a second time.
 *
 * The number is how many million instructions the workload is to take, about. What it says:
 * millions of instructions a second of CPU time between the guest's marks, or if it makes none, in
 * all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "isa/engine/predecode.h"
#include "isa/engine/spec.h"
#include "isa/engine/wasm/wasm.h"
#include "vmm/board/bare.h"
#include "vmm/vmm.h"

#define RAM (16u << 20)
#define MACHINE (64u << 20)
#define FILE_MOST (4u << 20)
#define PARAMS_MAGIC 0x4e425a50u /* tools/bench/guest.c */

/* Of CPU time, that of the host's compiler included: other programs have less of a say. */
static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "engine_wasm: %s\n", why);
    exit(EXIT_FAILURE);
}

static void *room(size_t bytes)
{
    void *memory = aligned_alloc(PAGE_SIZE, (bytes + PAGE_MASK) & ~(size_t)PAGE_MASK);

    if (!memory)
        give_up("no memory");
    return memset(memory, 0, bytes);
}

/* ---- Engines ---- */

static struct engine *make_spec(uint8_t *ram, uint64_t size)
{
    struct spec *spec = room(sizeof *spec);

    spec_init(spec, ram, 0, size);
    return &spec->engine;
}

static struct engine *make_predecode(uint8_t *ram, uint64_t size)
{
    return &predecode_init(room(predecode_size(size, NULL)), ram, 0, size, NULL)->engine;
}

#ifdef __wasm__
static struct engine *make_wasm(uint8_t *ram, uint64_t size, bool eager)
{
    const struct wasm_options options = {.hot = eager ? 2 : 0, .host = wasm_imports};

    return wasm_engine(wasm_init(room(wasm_size(size, &options)), ram, 0, size, &options));
}

static void finish_wasm(struct engine *engine)
{
    const struct wasm_stats *stats = wasm_stats((struct wasm *)engine);

    fprintf(stderr, "%llu regions of %llu bytes, %llu dropped\n",
            (unsigned long long)stats->regions,
            (unsigned long long)(stats->bytes / (stats->regions + !stats->regions)),
            (unsigned long long)stats->dropped);
    wasm_fini((struct wasm *)engine);
}
#else
#define make_wasm NULL
#define finish_wasm NULL
#endif

static struct engine *make(const char *name, uint8_t *ram, uint64_t size)
{
    if (!strcmp(name, "spec"))
        return make_spec(ram, size);
    if (!strcmp(name, "predecode"))
        return make_predecode(ram, size);
    struct engine *(*const translator)(uint8_t *, uint64_t, bool) = make_wasm;
    if ((!strcmp(name, "wasm") || !strcmp(name, "eager")) && translator)
        return translator(ram, size, *name == 'e');
    give_up("no such engine here");
}

/* The memory of each is one piece, where its engine begins. */
static void finish(struct engine *engine)
{
    void (*const translator)(struct engine *) = finish_wasm;

    if (translator && !strcmp(engine->ops->name, "wasm"))
        translator(engine);
    free(engine);
}

/* ---- The guest ---- */

static uint8_t *image;
static size_t image_len;

static void read_image(const char *path)
{
    FILE *file = fopen(path, "rb");

    image = room(FILE_MOST);
    image_len = file ? fread(image, 1, FILE_MOST, file) : 0;
    if (image_len < 52 || memcmp(image, "\177ELF\1", 5) != 0)
        give_up("no kernel");
    fclose(file);
}

static uint32_t half(size_t at)
{
    return image[at] | (uint32_t)image[at + 1] << 8;
}

/* Only what a trusted ELF file needs. Its entry. */
static uint32_t load(struct phys *phys, uint32_t count)
{
    uint32_t entry = load_le32(image + 24), headers = load_le32(image + 28);

    for (uint32_t i = 0; i < half(44); i++) {
        const uint8_t *header = image + headers + i * half(42);
        uint32_t pa = load_le32(header + 12);
        uint8_t *bytes = image + load_le32(header + 4);
        uint32_t len = load_le32(header + 16), offset = entry - pa + 4;

        if (load_le32(header) != 1)
            continue;
        if (offset + 8 <= len && load_le32(bytes + offset) == PARAMS_MAGIC)
            store_le32(bytes + offset + 4, count);
        if (!phys_write(phys, pa, bytes, len))
            give_up("the guest does not fit");
    }
    return entry;
}

/* ---- Marks ---- */

struct marks {
    const struct hart *hart;
    double at[2];
    uint64_t retired[2];
    char line[64];
    unsigned len;
    uint32_t hash; /* of the console, for comparison */
    const char *end;
};

static void end_of_line(struct marks *marks)
{
    bool end = !strncmp(marks->line, "@end", 4);

    if (!end && strncmp(marks->line, "@run", 4) != 0)
        return;
    marks->at[end] = seconds();
    marks->retired[end] = marks->hart->retired;
}

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct marks *marks = owner;

    for (uint32_t i = 0; i < len; i++) {
        marks->hash = (marks->hash ^ bytes[i]) * 16777619u;
        if (marks->len < sizeof marks->line - 1)
            marks->line[marks->len++] = (char)bytes[i];
        marks->line[marks->len] = '\0';
        if (bytes[i] == '\n') {
            end_of_line(marks);
            marks->len = 0;
        }
    }
}

static int console_in(void *owner)
{
    (void)owner;
    return BOARD_INPUT_ENDED;
}

/* ---- Runs ---- */

static void run_bare(const char *engine, uint32_t count, struct marks *marks)
{
    const struct board_host host = {
        .console_out = console_out, .console_in = console_in, .owner = marks};
    static struct bare bare;
    uint8_t *ram = room(RAM);
    struct engine *made = make(engine, ram, RAM);

    bare_init(&bare, made, &host);
    marks->hart = &bare.hart;
    bare_boot(&bare, load(&bare.phys, count), 0);
    marks->end = board_power_text(bare_run(&bare, UINT64_MAX));
    finish(made);
    free(ram);
}

static void run_virtual(const char *engine, uint32_t count, struct marks *marks)
{
    static struct vmm vmm;
    static struct vm vm;
    const struct vmm_host nobody = {0};
    const struct vm_config config = {
        .name = "vm",
        .ram_size = RAM,
        .shares = VM_SHARES_DEFAULT,
        .limit = UINT64_MAX,
        .shadow_tables = SHADOW_TABLES_DEFAULT,
        .host = {.console_out = console_out, .console_in = console_in, .owner = marks},
    };
    uint8_t *ram = room(MACHINE);
    struct engine *made = make(engine, ram, MACHINE);

    if (!vmm_init(&vmm, made, &nobody) || !vmm_add(&vmm, &vm, &config))
        give_up("no machine");
    marks->hart = &vm.cpu->hart;
    vmm_boot(&vm, load(&vm.phys, count), 0);
    while (vmm_run(&vmm, NULL) == VMM_RAN)
        ;
    marks->end = vm_end_text((enum vm_end)vm.end);
    vmm_remove(&vmm, &vm);
    finish(made);
    free(ram);
}

static void run(char **argv, uint32_t count, struct marks *marks)
{
    *marks = (struct marks){.hash = 0x811c9dc5u, .at = {seconds()}};
    if (!strcmp(argv[2], "bare"))
        run_bare(argv[1], count, marks);
    else
        run_virtual(argv[1], count, marks);
    if (marks->at[1])
        return;
    marks->at[1] = seconds();
    marks->retired[1] = marks->hart->retired;
}

int main(int argc, char **argv)
{
    struct marks marks;
    uint64_t insns, unit;
    double time;

    if (argc != 5)
        give_up("usage: engine bare|vm MILLIONS guest.elf");
    read_image(argv[4]);
    run(argv, 1, &marks);
    unit = marks.retired[1] - marks.retired[0];
    run(argv, (uint32_t)(strtoull(argv[3], NULL, 0) * 1000000 / (unit ? unit : 1)) + 1, &marks);
    insns = marks.retired[1] - marks.retired[0];
    time = marks.at[1] - marks.at[0];
    printf("%s %s %s: %.1f MIPS, %llu instructions, console %08x, %s\n", argv[1], argv[2],
           strrchr(argv[4], '/') ? strrchr(argv[4], '/') + 1 : argv[4],
           (double)insns / time / 1e6, (unsigned long long)insns, marks.hash, marks.end);
    return EXIT_SUCCESS;
}
