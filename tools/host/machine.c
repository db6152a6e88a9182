/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.c - creates and destroys machines. Machine memory is reserved, not committed: what a
 * guest never touches costs the host nothing.
 */
#include "tools/host/machine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/mman.h>

#include "tools/host/options_check.h"
#include "vmm/paging.h"
#include "vmm/sched.h"

/* Besides its RAM a VM needs pages for its shadows, their links, and its pmap. */
#define VM_OVERHEAD ((2 * SHADOW_TABLES_DEFAULT + SHADOW_ROOTS + 64) * (uint64_t)PAGE_SIZE)
#define PAGE_RECORDS_SHARE 64u /* the allocator's own tables: at most 1/64 of memory */
#define MACHINE_LEAST (16ull << 20)

void *machine_memory_take(struct machine_memory *memory, size_t size)
{
    uint8_t *taken = memory->at;

    size = (size + PAGE_MASK) & ~(size_t)PAGE_MASK;
    if (size > memory->room)
        return NULL;
    memory->at += size;
    memory->room -= size;
    return taken;
}

static void *take_pages(struct machine_memory *memory, uint64_t size)
{
    void *bytes;

    if (memory) {
        bytes = machine_memory_take(memory, size);
        return bytes ? bytes : MAP_FAILED;
    }
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                -1, 0);
}

static enum pz_err take_ram(struct machine_ram *ram, struct machine_memory *memory,
                            uint64_t size, struct problem *problem)
{
    void *bytes = take_pages(memory, size);

    if (bytes == MAP_FAILED)
        return problem_set(problem, PZ_HOST,
                           "the host gives no %" PRIu64
                           " MiB of address space (%s): lower --mem "
                           "or --vms, or raise the limit (ulimit -v)",
                           size >> 20, strerror(errno));
    *ram = (struct machine_ram){bytes, size, memory != NULL};
    return PZ_OK;
}

static void give_back(struct machine_ram *ram)
{
    if (ram->bytes && !ram->lent)
        munmap(ram->bytes, ram->size);
    *ram = (struct machine_ram){0};
}

/* How many VMs this machine has; and the number of one on the command line. */
static unsigned vms_of(const struct options *options)
{
    return options->part ? options->part : (unsigned)options->vms;
}

static unsigned number_of(const struct options *options, unsigned k)
{
    return options->part_first + k;
}

/*
 * Enough for all VMs in full, as far as a machine can be that large: beyond, the VMs share, each
 * taking what it touches.
 */
static uint64_t machine_size(const struct options *options, const struct engines_kind *kind)
{
    uint64_t wanted = vms_of(options) * (options->mem + VM_OVERHEAD);

    if (options->machine_memory)
        return options->machine_memory & ~(uint64_t)PAGE_MASK;
    wanted += wanted / PAGE_RECORDS_SHARE + MACHINE_LEAST;
    wanted = (wanted + PAGE_MASK) & ~(uint64_t)PAGE_MASK;
    return wanted < kind->ram_most ? wanted : kind->ram_most;
}

#define TOLD_MOST 64u

/* Was this said of the file before? A command may open many machines with one kernel. */
static bool told_before(const char *path)
{
    static char *told[TOLD_MOST];
    unsigned i = 0;

    for (; i < TOLD_MOST && told[i]; i++)
        if (!strcmp(told[i], path))
            return true;
    if (i < TOLD_MOST)
        told[i] = strdup(path);
    return false;
}

static enum pz_err open_kernel(struct image *image, const struct options *options,
                               const char *path, struct problem *problem)
{
    const struct elf_place place = {{options->ram_base, options->mem},
                                    options->has_load ? options->load : ELF_NO_LOAD};
    enum pz_err err = image_open(image, path, place, problem);

    if (!err && image->elf.hard_float && !told_before(image->path))
        fprintf(stderr,
                "pz: %s is made for the hard-float ABI, and PZ32 has no FPU: if it uses "
                "floating point, build it with -march=rv32imac -mabi=ilp32\n",
                image->path);
    return err;
}

static unsigned cpus_of(const struct options *options)
{
    return options->cpus ? (unsigned)options->cpus : 1;
}

static struct image_setup setup_of(const struct options *options, unsigned k)
{
    return (struct image_setup){
        .cpus = cpus_of(options),
        .bootargs = options_word(&options->appends, number_of(options, k), ""),
        .initrd = options_word(&options->initrds, number_of(options, k), NULL),
        .initrd_read = number_of(options, k) ? NULL : options->initrd_read,
        .dtb = options->dtb,
        .seed = options->rng_seed ? options->rng_seed + number_of(options, k) : 0,
    };
}

/* VMs that run the same file share one image. */
static enum pz_err open_image(struct machine *machine, const struct options *options,
                              unsigned k, struct problem *problem)
{
    const char *path = options_word(&options->kernels, number_of(options, k), NULL);

    for (unsigned i = 0; i < k; i++)
        if (options_word(&options->kernels, number_of(options, i), NULL) == path) {
            machine->image_of[k] = machine->image_of[i];
            return PZ_OK;
        }
    machine->image_of[k] = machine->image_count;
    return open_kernel(&machine->images[machine->image_count++], options, path, problem);
}

/* VMs with the same initial RAM disk share its bytes. */
static const struct file *initrd_of(const struct machine *machine,
                                    const struct options *options, unsigned k)
{
    const char *path = options_word(&options->initrds, number_of(options, k), NULL);

    for (unsigned i = 0; i < k; i++)
        if (options_word(&options->initrds, number_of(options, i), NULL) == path)
            return &machine->sets[i].initrd;
    return NULL;
}

static bool write_again(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    struct board *board = owner;

    return phys_write(board->phys, pa, bytes, len);
}

static void clear_again(void *owner, uint64_t pa, uint64_t len)
{
    struct board *board = owner;

    board->clear(board, pa, len);
}

/* The machine restarts. */
static bool load_again(void *owner, struct board *board, struct board_entry *entry)
{
    const struct image_memory memory = {write_again, clear_again, board};
    struct image_boot boot;
    struct problem unheard;

    if (image_load(owner, &memory, &boot, &unheard))
        return false;
    *entry = (struct board_entry){boot.entry, boot.dtb};
    return true;
}

static void fit_images(struct board *board, const struct options *options,
                       struct image_set *set)
{
    if (!options->no_reboot)
        board->host.images = (struct board_images){load_again, set};
}

static bool write_vm(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    return vm_write(owner, (struct gpa){pa}, bytes, len);
}

static uint32_t shares_of(const struct options *options, unsigned k)
{
    if (!options->share_count)
        return VM_SHARES_DEFAULT;
    return options->shares[k < options->share_count ? k : options->share_count - 1];
}

static uint64_t quantum_of(const struct options *options)
{
    return options->quantum ? options->quantum : HARTS_QUANTUM_DEFAULT;
}

/* Where the engine cannot do what a technique needs, trap and emulate serves. */
static enum vm_monitor monitor_of(const struct machine *machine, const struct options *options)
{
    enum vm_monitor asked = (enum vm_monitor)options->monitor;

    return monitor_works(asked, machine->engine.engine->ops->abilities) ? asked : VM_PLAIN;
}

/* Where machine memory is short, shadows of all VMs may take a quarter of it. */
static uint32_t tables_of(const struct options *options)
{
    uint64_t most = options->machine_memory / PAGE_SIZE / 8 / options->vms;

    return options->machine_memory && most < SHADOW_TABLES_DEFAULT ? (uint32_t)most
                                                                   : SHADOW_TABLES_DEFAULT;
}

static struct vm_config config_of(const struct machine *machine, const struct options *options,
                                  unsigned k, const struct board_host *host)
{
    return (struct vm_config){
        .name = image_name(machine_image(machine, k)),
        .ram_base = options->ram_base,
        .ram_size = options->mem,
        .shares = shares_of(options, number_of(options, k)),
        .cap = options_percent(&options->caps, number_of(options, k)),
        .reserve = options_percent(&options->reserves, number_of(options, k)),
        .limit = options->max_insns,
        .cpus = cpus_of(options),
        .quantum = quantum_of(options),
        .monitor = monitor_of(machine, options),
        .policy = (enum shadow_policy)options->shadow,
        .shadow_tables = tables_of(options),
        .host = *host,
    };
}

static enum pz_err add_vm(struct machine *machine, const struct options *options, unsigned k,
                          const struct machine_hosts *hosts, struct problem *problem)
{
    struct vm *vm = &machine->vms[k];
    const struct elf_ram ram = {options->ram_base, options->mem};
    const struct image_memory memory = {.write = write_vm, .owner = vm};
    struct image_setup setup = setup_of(options, k);
    struct vm_config config;
    struct image_boot boot;
    enum pz_err err = open_image(machine, options, k, problem);

    if (err)
        return err;
    config = config_of(machine, options, k, &hosts->boards[k]);
    setup.para = config.monitor == VM_PARA && !hosts->unannounced;
    if (!vmm_add(&machine->vmm, vm, &config))
        return problem_set(problem, PZ_HOST,
                           "the machine has no memory for VM %u: lower --vms%s", k,
                           options->machine_memory ? ", or raise --machine-memory" : "");
    machine->count = k + 1;
    devices_fit(&machine->devices[k], options, number_of(options, k), &vm->board);
    fit_images(&vm->board, options, &machine->sets[k]);
    if (!setup.initrd_read)
        setup.initrd_read = initrd_of(machine, options, k);
    err = image_gather(&machine->sets[k], machine_image(machine, k), &ram, &setup, problem);
    if (err || hosts->unloaded || hosts->arrives)
        return err;
    err = image_load(&machine->sets[k], &memory, &boot, problem);
    if (!err)
        vmm_boot(vm, boot.entry, boot.dtb);
    if (!err) /* the files are others', too */
        share_range(vm, (struct gpa){options->ram_base}, options->mem);
    return err;
}

static enum pz_err make_tables(struct machine *machine, struct machine_memory *memory,
                               unsigned count, struct problem *problem)
{
    enum pz_err err =
        take_ram(&machine->vms_memory, memory, count * sizeof *machine->vms, problem);

    if (err)
        return err;
    machine->vms = (struct vm *)(void *)machine->vms_memory.bytes;
    machine->images = calloc(count, sizeof *machine->images);
    machine->image_of = calloc(count, sizeof *machine->image_of);
    machine->sets = calloc(count, sizeof *machine->sets);
    machine->left = calloc(count, sizeof *machine->left);
    machine->devices = calloc(count, sizeof *machine->devices);
    if (!machine->images || !machine->image_of || !machine->sets || !machine->left ||
        !machine->devices)
        return problem_memory(problem, "the VMs");
    return PZ_OK;
}

/* Of a machine that is too small for any VM, adding one says so. */
static enum pz_err start_moving(struct machine *machine, const struct options *options,
                                struct problem *problem)
{
    struct paging_store store;
    enum pz_err err;

    if (options->share && !share_init(&machine->vmm, SHARE_RATE_DEFAULT, SHARE_PASS_DEFAULT))
        return problem_set(problem, PZ_HOST, "the machine's memory is too small for --share");
    if (!options->machine_memory)
        return PZ_OK;
    err = pagefile_open(&machine->pagefile, (unsigned)options->vms, options->mem, problem);
    store = pagefile_store(&machine->pagefile);
    if (!err)
        paging_init(&machine->vmm, &store);
    return err;
}

/*
 * The monitor's tables are read before they are written, so each would fault twice. Where the host
 * does not support this, they do.
 */
#ifdef MADV_POPULATE_WRITE
static void prepare(uint8_t *bytes, uint64_t size)
{
    (void)madvise(bytes, size, MADV_POPULATE_WRITE);
}
#define PREPARE prepare
#else
#define PREPARE NULL
#endif

/*
 * A turn begins with the host's caches full of what others have used. Few VMs may all fit there;
 * of many, each has a turn long enough for what that costs to be little of it.
 */
uint64_t machine_slice(unsigned vms)
{
    const unsigned few = 8, longest = 8;
    unsigned times = vms / few;

    return VMM_SLICE_DEFAULT * (uint64_t)(times < 1 ? 1 : times > longest ? longest : times);
}

static enum pz_err start_vmm(struct machine *machine, const struct options *options,
                             const struct vmm_host *host, struct problem *problem)
{
    if (!vmm_init(&machine->vmm, machine->engine.engine, host))
        return problem_set(problem, PZ_HOST, "the machine's memory is too small: raise --mem");
    machine->vmm.allocator.prepare = PREPARE;
    sched_init(&machine->vmm, (enum sched_kind)options->sched,
               (enum sched_charge)options->charge, options->sched_seed);
    if (options->exit_price)
        machine->vmm.sched.exit_price = (uint32_t)options->exit_price;
    machine->vmm.variants = options->variants;
    if (options->parts)
        machine->vmm.parts = options->parts;
    machine->vmm.slice =
        options->slice_count ? options->slices[0] : machine_slice(vms_of(options));
    return start_moving(machine, options, problem);
}

/* Has the user left it to us which engine it is? Commands that name one themselves have not. */
static bool any_engine(const struct options *options)
{
    return !options->engine && options->sets &&
           !(options->sets & (OPTIONS_BENCH | OPTIONS_TRANSLATE));
}

static enum pz_err open_engine(struct engines_one *engine, const struct options *options,
                               const struct engines_kind *kind, bool native,
                               const struct machine_ram *ram, uint64_t base,
                               struct problem *problem)
{
    if (any_engine(options))
        return engines_open_any(engine, kind, native, ram->bytes, base, ram->size, problem);
    return engines_open(engine, kind, ram->bytes, base, ram->size, problem);
}

/* Who compares techniques tells of it itself. */
static void tell_monitor(const struct machine *machine, const struct options *options)
{
    if (monitor_of(machine, options) != options->monitor && !(options->sets & OPTIONS_COMPARE))
        fprintf(
            stderr, "pz: the engine %s lacks what --monitor %s needs: using the %s monitor\n",
            machine->engine.kind->name, monitor_desc((enum vm_monitor)options->monitor)->name,
            monitor_desc(VM_PLAIN)->name);
}

static enum pz_err open_devices(struct machine *machine, const struct options *options,
                                enum disk_keep keep, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned k = 0; !err && k < vms_of(options); k++) {
        err = devices_open(&machine->devices[k], options, number_of(options, k), keep, problem);
        for (unsigned i = 0; !err && i < k; i++)
            err = devices_conflict(&machine->devices[i], &machine->devices[k], problem);
    }
    return err;
}

enum pz_err machine_take_disks(struct machine *machine, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned k = 0; !err && k < machine->slots; k++)
        err = devices_start(&machine->devices[k], problem);
    return err;
}

bool machine_yield_disks(struct machine *machine)
{
    bool kept = true;

    for (unsigned k = 0; k < machine->slots; k++)
        if (!devices_yield(&machine->devices[k]))
            kept = false;
    return kept;
}

static enum pz_err disks_failed(struct problem *problem)
{
    return problem_set(problem, PZ_HOST, "a disk's file could not be completed: %s",
                       strerror(errno));
}

enum pz_err machine_finish(struct machine *machine, struct problem *problem)
{
    bool kept = true;

    for (unsigned k = 0; machine->devices && k < machine->slots; k++)
        if (!devices_close(&machine->devices[k]))
            kept = false;
    return kept ? PZ_OK : disks_failed(problem);
}

enum pz_err machine_bare_finish(struct machine_bare *machine, struct problem *problem)
{
    return devices_close(&machine->devices) ? PZ_OK : disks_failed(problem);
}

enum pz_err machine_open(struct machine *machine, const struct options *options,
                         const struct engines_kind *kind, const struct machine_hosts *hosts,
                         struct problem *problem)
{
    enum pz_err err;

    memset(machine, 0, sizeof *machine);
    err = make_tables(machine, options->memory, vms_of(options), problem);
    machine->slots = vms_of(options);
    machine->unloaded = hosts->unloaded;
    if (!err)
        err = open_devices(machine, options, hosts->keep, problem);
    if (!err && !hosts->arrives)
        err = machine_take_disks(machine, problem);
    if (!err)
        err = take_ram(&machine->ram, options->memory, machine_size(options, kind), problem);
    if (!err)
        err = open_engine(&machine->engine, options, kind, false, &machine->ram, 0, problem);
    if (!err)
        tell_monitor(machine, options);
    if (!err)
        err = start_vmm(machine, options, &hosts->vmm, problem);
    for (unsigned k = 0; !err && k < vms_of(options); k++)
        err = add_vm(machine, options, k, hosts, problem);
    return err;
}

void machine_close(struct machine *machine)
{
    struct problem unheard;

    (void)!machine_finish(machine, &unheard);
    for (unsigned k = 0; machine->sets && k < machine->slots; k++)
        image_set_free(&machine->sets[k]);
    for (unsigned i = 0; i < machine->image_count; i++)
        image_close(&machine->images[i]);
    engines_close(&machine->engine);
    give_back(&machine->ram);
    pagefile_close(&machine->pagefile);
    free(machine->devices);
    give_back(&machine->vms_memory);
    free(machine->images);
    free(machine->image_of);
    free(machine->sets);
    free(machine->left);
}

bool machine_released(const struct machine *machine, unsigned k)
{
    const struct vm *vm = &machine->vms[k];

    return machine->vmm.vms[vm->id - 1] != vm;
}

uint32_t machine_pages(const struct machine *machine, unsigned k, enum page_kind kind)
{
    uint32_t count[PAGE_KINDS + 1];

    if (machine_released(machine, k))
        return machine->left[k][kind];
    vm_census(&machine->vms[k], count);
    return count[kind];
}

void machine_release(struct machine *machine, unsigned k)
{
    if (machine_released(machine, k))
        return;
    vm_census(&machine->vms[k], machine->left[k]);
    vmm_remove(&machine->vmm, &machine->vms[k]);
}

static bool write_bare(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    struct machine_bare *machine = owner;

    return phys_write(&machine->bare.phys, pa, bytes, len);
}

static enum pz_err load_bare(struct machine_bare *machine, const struct options *options,
                             unsigned vm, struct problem *problem)
{
    const struct elf_ram ram = {options->ram_base, options->mem};
    const struct image_memory memory = {.write = write_bare, .owner = machine};
    const struct image_setup setup = setup_of(options, vm);
    struct image_boot boot;
    enum pz_err err = open_kernel(&machine->image, options,
                                  options_word(&options->kernels, vm, NULL), problem);

    if (!err)
        err = image_gather(&machine->set, &machine->image, &ram, &setup, problem);
    if (!err)
        err = image_load(&machine->set, &memory, &boot, problem);
    if (!err)
        bare_boot(&machine->bare, boot.entry, boot.dtb);
    return err;
}

enum pz_err machine_bare_open(struct machine_bare *machine, const struct options *options,
                              const struct engines_kind *kind, unsigned vm,
                              const struct board_host *host, struct problem *problem)
{
    enum pz_err err;

    memset(machine, 0, sizeof *machine);
    err =
        devices_open(&machine->devices, options, vm,
                     options->sets & OPTIONS_BARE ? DISK_KEEP_FILE : DISK_KEEP_MEMORY, problem);
    if (!err)
        err = devices_start(&machine->devices, problem);
    if (!err)
        err = take_ram(&machine->ram, NULL, options->mem, problem);
    if (!err)
        err = open_engine(&machine->engine, options, kind, true, &machine->ram,
                          options->ram_base, problem);
    if (err)
        return err;
    bare_init(&machine->bare, machine->engine.engine, host);
    bare_set_variants(&machine->bare, options->variants);
    harts_set(&machine->bare.board.harts, cpus_of(options), quantum_of(options));
    devices_fit(&machine->devices, options, vm, &machine->bare.board);
    fit_images(&machine->bare.board, options, &machine->set);
    return load_bare(machine, options, vm, problem);
}

void machine_bare_close(struct machine_bare *machine)
{
    (void)!devices_close(&machine->devices);
    image_set_free(&machine->set);
    image_close(&machine->image);
    engines_close(&machine->engine);
    give_back(&machine->ram);
}

enum pz_err machine_tree(const struct options *options, unsigned k, uint8_t **tree, size_t *len,
                         struct problem *problem)
{
    const struct elf_ram ram = {options->ram_base, options->mem};
    struct image_setup setup = setup_of(options, k);
    struct image image;
    enum pz_err err =
        open_kernel(&image, options, options_word(&options->kernels, k, NULL), problem);

    *tree = NULL;
    setup.dtb = NULL;
    setup.para = options->monitor == VM_PARA;
    if (!err)
        err = image_tree(&image, &ram, &setup, tree, len, problem);
    image_close(&image);
    return err;
}

enum pz_err machine_gather(const struct options *options, unsigned k, struct image *image,
                           struct image_set *set, struct problem *problem)
{
    const struct elf_ram ram = {options->ram_base, options->mem};
    const struct image_setup setup = setup_of(options, k);
    enum pz_err err =
        open_kernel(image, options, options_word(&options->kernels, k, NULL), problem);

    *set = (struct image_set){.image = NULL};
    return err ? err : image_gather(set, image, &ram, &setup, problem);
}

bool machine_dumps_tree(const struct options *options)
{
    return options->dtb && !strcmp(options->dtb, OPTIONS_DUMP);
}

enum pz_err machine_dump_tree(const struct options *options, struct problem *problem)
{
    uint8_t *tree;
    size_t len;
    enum pz_err err = machine_tree(options, 0, &tree, &len, problem);

    if (!err && isatty(STDOUT_FILENO))
        err = problem_set(problem, PZ_USAGE,
                          "--dtb dump: a device tree is not text: send it to a file (> FILE)");
    else if (!err && (fwrite(tree, 1, len, stdout) != len || fflush(stdout)))
        err =
            problem_set(problem, PZ_HOST, "--dtb dump: cannot be written: %s", strerror(errno));
    free(tree);
    return err;
}

unsigned machine_index(const struct machine *machine, const struct vm *vm)
{
    return (unsigned)(vm - machine->vms);
}

const struct image *machine_image(const struct machine *machine, unsigned k)
{
    return &machine->images[machine->image_of[k]];
}

static uint64_t nanoseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t machine_clock(void *unused)
{
    (void)unused;
    return nanoseconds(CLOCK_MONOTONIC);
}

uint64_t machine_work(void)
{
    return nanoseconds(CLOCK_THREAD_CPUTIME_ID);
}
