/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partserve.c - the student's process: receives calls, calls parts, sends answers. The shared
 * memory is mapped privately and write-protected; a page that a part writes to becomes a
 * private copy, which is recorded, and dropped after the call. Changed pages of the pmap are
 * sent first.
 */
#define _GNU_SOURCE
#include "tools/sandbox/partserve.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/prctl.h>

#include "tools/sandbox/boxwall.h"
#include "tools/sandbox/filewall.h"
#include "tools/sandbox/partfile.h"

/* A signal handler, and functions that replace the allocator's, get no owner pointer. */
static struct {
    struct partserve with;
    bool serving;
    struct partfile file;
    uint8_t **written; /* pages of the part's own copies */
    unsigned written_count;
    struct pmap *pmap; /* of the present call; NULL: none */
    struct phys *phys; /* the same of a guest's memory */
    uint8_t *page;     /* the last page of that memory that was asked for... */
    uint64_t page_pa;  /* ...and where it is to the guest */
} serve;

/* ---- What the part writes ---- */

static bool is_shared(const uint8_t *at)
{
    return at >= serve.with.begin && at < serve.with.begin + serve.with.size;
}

/*
 * The first write to a page, which is a copy from now on. False: it is a crash like any other.
 */
static bool note_write(void *address)
{
    uint8_t *at = address, *page = at - (uintptr_t)at % PAGE_SIZE;

    if (!serve.serving || !is_shared(at) || serve.written_count >= PARTWIRE_PAGES)
        return false;
    for (unsigned i = 0; i < serve.written_count; i++)
        if (serve.written[i] == page)
            return false;
    serve.written[serve.written_count++] = page;
    return !mprotect(page, PAGE_SIZE, PROT_READ | PROT_WRITE);
}

static void forget_writes(void)
{
    for (unsigned i = 0; i < serve.written_count; i++)
        if (madvise(serve.written[i], PAGE_SIZE, MADV_DONTNEED) ||
            mprotect(serve.written[i], PAGE_SIZE, PROT_READ))
            _exit(PZ_HOST);
    serve.written_count = 0;
}

/* ---- Messages ---- */

static bool is_pmap_page(const struct pmap *pmap, const uint8_t *page, uint64_t *number)
{
    const struct allocator *allocator = pmap->allocator;

    *number = (uint64_t)(page - allocator->ram) >> PAGE_SHIFT;
    return page >= allocator->ram && *number < allocator->count &&
           allocator->pages[*number].kind == PAGE_PMAP;
}

static void send_or_end(const void *bytes, size_t len)
{
    if (!partwire_send(serve.with.out, bytes, len))
        _exit(PZ_HOST);
}

/* The message, and the pages of the pmap that have been written since the last one. */
static void send_message(struct partwire *wire)
{
    uint64_t number;

    wire->pages = 0;
    for (unsigned i = 0; serve.pmap && i < serve.written_count; i++)
        wire->pages += is_pmap_page(serve.pmap, serve.written[i], &number);
    if (serve.pmap) {
        wire->root = serve.pmap->root;
        wire->last = serve.pmap->last;
        wire->last_slot = serve.pmap->last_slot;
    }
    send_or_end(wire, sizeof *wire);
    for (unsigned i = 0; wire->pages && i < serve.written_count; i++)
        if (is_pmap_page(serve.pmap, serve.written[i], &number)) {
            send_or_end(&number, sizeof number);
            send_or_end(serve.written[i], PAGE_SIZE);
        }
    forget_writes();
}

static void answer_call(struct partwire *wire);

/* Calls that arrive before the answer are served first. */
static void ask(struct partwire *wire)
{
    struct pmap *pmap = serve.pmap;
    struct phys *phys = serve.phys;

    send_message(wire);
    while (partwire_receive(serve.with.in, wire, sizeof *wire)) {
        if (wire->kind != PARTWIRE_CALL) {
            serve.pmap = pmap;
            serve.phys = phys;
            return;
        }
        answer_call(wire);
    }
    _exit(PZ_OK);
}

static void on_end(const char *line)
{
    struct partwire wire = {.kind = PARTWIRE_END};

    (void)!snprintf(wire.data, sizeof wire.data, "%s", line);
    (void)!partwire_send(serve.with.out, &wire, sizeof wire);
}

/* ---- The guest's memory, for a walk ---- */

/* With the monitor's own pmap, attached pages can be found without asking. */
static uint8_t *find_page(uint64_t pa)
{
    const struct vm *vm = serve.phys->owner;
    struct mpa mpa = MPA_NONE;

    if (serve.file.parts.pmap_translate == vmm_parts_own.pmap_translate)
        mpa = pmap_lookup_own(&vm->pmap, (struct gpa){pa});
    return mpa.v ? allocate_host(vm->pmap.allocator, mpa) : NULL;
}

static uint8_t *ask_page(struct phys *phys, uint64_t pa, bool store)
{
    struct partwire wire = {.kind = PARTWIRE_PAGE, .numbers = {pa, store}};
    uint8_t *page = find_page(pa);

    (void)phys;
    if (!page) {
        ask(&wire);
        page = (uint8_t *)(uintptr_t)wire.address;
    }
    serve.page = page;
    serve.page_pa = pa;
    return page;
}

/* The write went to a copy. The monitor repeats it, and does what has to follow. */
static void tell_wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    struct partwire wire = {.kind = PARTWIRE_WROTE, .numbers = {pa, len}};

    if (phys->size && pa - phys->base < phys->size) {
        serve.page_pa = pa & ~(uint64_t)PAGE_MASK;
        serve.page = phys->ram + (serve.page_pa - phys->base);
    }
    if (!serve.page || pa - serve.page_pa + len > PAGE_SIZE || len > PARTWIRE_DATA)
        wire.numbers[1] = 0; /* more than the monitor would take */
    else
        memcpy(wire.data, serve.page + (pa - serve.page_pa), len);
    ask(&wire);
}

static struct phys guest = {.page = ask_page, .wrote = tell_wrote};

/* ---- The allocator ---- */

bool __wrap_allocate_page(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                          struct mpa *mpa)
{
    struct partwire wire = {.kind = PARTWIRE_ALLOCATE, .numbers = {owner, kind}};

    if (!serve.serving)
        return allocate_page(allocator, owner, kind, mpa);
    ask(&wire);
    *mpa = wire.mpa;
    return wire.result;
}

bool __wrap_allocate_reserve(struct allocator *allocator, uint16_t owner, uint32_t count,
                             struct mpa *first)
{
    struct partwire wire = {.kind = PARTWIRE_RESERVE, .numbers = {owner, count}};

    if (!serve.serving)
        return allocate_reserve(allocator, owner, count, first);
    ask(&wire);
    *first = wire.mpa;
    return wire.result;
}

bool __wrap_allocate_reserved(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                              struct mpa mpa)
{
    struct partwire wire = {.kind = PARTWIRE_RESERVED, .numbers = {owner, kind}, .mpa = mpa};

    if (!serve.serving)
        return allocate_reserved(allocator, owner, kind, mpa);
    ask(&wire);
    return wire.result;
}

void __wrap_allocate_free(struct allocator *allocator, struct mpa mpa)
{
    struct partwire wire = {.kind = PARTWIRE_FREE, .mpa = mpa};

    if (serve.serving)
        ask(&wire);
    else
        allocate_free(allocator, mpa);
}

/* ---- Calls ---- */

static const struct vmm_parts *parts(void)
{
    return &serve.file.parts;
}

static void call_sret(struct partwire *wire)
{
    wire->result = parts()->sret(&wire->hart, &wire->insn, &wire->trap);
}

static void call_csrrw(struct partwire *wire)
{
    wire->result = parts()->csrrw(&wire->hart, &wire->insn);
}

static void call_sstatus_read(struct partwire *wire)
{
    wire->result = parts()->sstatus_read(&wire->hart);
}

static void call_sstatus_write(struct partwire *wire)
{
    parts()->sstatus_write(&wire->hart, (uint32_t)wire->numbers[0]);
}

static void call_pmap_translate(struct partwire *wire)
{
    wire->result =
        parts()->pmap_translate(serve.pmap, (struct gpa){wire->numbers[0]}, &wire->mpa);
}

static void call_pmap_lookup(struct partwire *wire)
{
    wire->mpa = parts()->pmap_lookup(serve.pmap, (struct gpa){wire->numbers[0]});
}

static void call_walk(struct partwire *wire)
{
    wire->space.phys = &guest;
    wire->result = parts()->walk(&wire->space, (uint32_t)wire->numbers[0],
                                 (enum access)wire->numbers[1], &wire->walk);
}

/* Flat memory: the machine's, or that of a check. */
static void call_two_stage(struct partwire *wire)
{
    struct phys flat = {.ram = (uint8_t *)(uintptr_t)wire->address,
                        .base = wire->numbers[2],
                        .size = wire->numbers[3],
                        .wrote = tell_wrote};

    wire->space.phys = &flat;
    wire->result = parts()->two_stage(&wire->space, (uint32_t)wire->numbers[0],
                                      (enum access)wire->numbers[1], &wire->walk);
}

static void tell_fence(struct para_batch *batch, enum para_fence what, uint32_t va)
{
    struct partwire wire = {.kind = PARTWIRE_FENCE, .numbers = {what, va}};

    (void)batch;
    ask(&wire);
}

static void call_para_update(struct partwire *wire)
{
    struct para_batch batch = {.phys = &guest,
                               .array = wire->numbers[0],
                               .count = (uint32_t)wire->numbers[1],
                               .fence = tell_fence};
    struct sbi_result result = parts()->para_update(&batch);

    wire->result = (uint32_t)result.error;
    wire->numbers[0] = result.value;
}

static void call_shadow_key(struct partwire *wire)
{
    wire->key = parts()->shadow_key(&wire->hart, (enum shadow_policy)wire->numbers[0]);
}

static void call_shadow_rights(struct partwire *wire)
{
    wire->space.phys = &guest;
    wire->result = parts()->shadow_rights(&wire->space, (uint32_t)wire->numbers[0]);
}

static void call_load_world(struct partwire *wire)
{
    parts()->load_world(&wire->hart, &wire->other);
}

static void call_save_world(struct partwire *wire)
{
    parts()->save_world(&wire->hart, &wire->other);
}

static const struct board *board_of(const struct partwire *wire)
{
    return (const struct board *)(uintptr_t)wire->address;
}

static void call_interrupt(struct partwire *wire)
{
    wire->result = parts()->interrupt(board_of(wire), &wire->hart);
}

static void call_budget(struct partwire *wire)
{
    wire->result = parts()->budget(board_of(wire), &wire->hart);
}

/* What the part has changed of the VM, in its copy. */
static void take_vm(struct partwire *wire, const struct vm *vm)
{
    wire->hart = vm->cpu->hart;
    wire->deadline = vm->board.deadline;
    wire->power = vm->board.power;
    wire->wake = vm->wake;
    wire->yields = vm->yields;
}

static void print_nothing(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner, (void)bytes, (void)len;
}

static int read_nothing(void *owner)
{
    (void)owner;
    return -1;
}

/*
 * The monitor's consoles are in its own process. Their functions would find other things here than
 * they expect, at the same addresses: a part that calls them is answered by none.
 */
static struct vm *vm_of(const struct partwire *wire)
{
    struct vm *vm = (struct vm *)(uintptr_t)wire->address;

    vm->board.host.console_out = print_nothing;
    vm->board.host.console_in = read_nothing;
    vm->board.host.observe = NULL;
    vm->board.host.owner = NULL;
    return vm;
}

static void call_wait(struct partwire *wire)
{
    struct vm *vm = vm_of(wire);

    parts()->wait(vm);
    take_vm(wire, vm);
}

static void call_awake(struct partwire *wire)
{
    struct vm *vm = vm_of(wire);

    wire->result = parts()->awake(vm);
    take_vm(wire, vm);
}

static void call_interprets(struct partwire *wire)
{
    wire->result = parts()->interprets(vm_of(wire));
}

/*
 * The part works on a copy of the message: its questions overwrite the one that was received.
 */
static void answer_call(struct partwire *wire)
{
    static void (*const calls[PART_COUNT])(struct partwire *) = {
#define PART(name, type, arguments) [PART_##name] = call_##name,
#include "vmm/parts.def"
#undef PART
    };
    struct partwire answer = *wire;
    bool about_pmap = wire->part == PART_pmap_translate || wire->part == PART_pmap_lookup;

    serve.pmap = about_pmap ? (struct pmap *)(uintptr_t)wire->address : NULL;
    serve.phys = (struct phys *)(uintptr_t)wire->address;
    calls[wire->part](&answer);
    answer.kind = PARTWIRE_REPLY;
    send_message(&answer);
}

/* ---- Beginning ---- */

/*
 * It sees no files but libraries and its own code. On kernels without Landlock `pz grade`
 * warns.
 */
static bool go_behind_wall(const struct partserve *with)
{
    const int outs[] = {STDOUT_FILENO, STDERR_FILENO, with->out};
    int wall = filewall_begin();
    bool behind = !filewall_version();

    if (wall >= 0) {
        filewall_open_libraries(wall);
        behind = filewall_open(wall, with->object, FILEWALL_RUN) && filewall_enter(wall);
        close(wall);
    }
    return behind && boxwall_limit(with->limits) && boxwall_filter(outs, 3, false);
}

static bool prepare(const struct partserve *with)
{
    const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;

    serve.with = *with;
    serve.written = malloc(PARTWIRE_PAGES * sizeof *serve.written);
    if (!serve.written || prctl(PR_SET_PDEATHSIG, SIGKILL) ||
        mmap(with->begin, with->size, PROT_READ, flags, with->memory, 0) == MAP_FAILED)
        return false;
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
        if (fd != with->in && fd != with->out)
            (void)close(fd);
    box_aside(on_end, note_write);
    return go_behind_wall(with);
}

static void say_hello(void)
{
    struct partwire wire = {.kind = PARTWIRE_HELLO};
    struct problem problem = {.text = ""};

    if (partfile_open(&serve.file, serve.with.object, &problem))
        (void)!snprintf(wire.data, sizeof wire.data, "%.250s", problem.text);
    else
        wire.numbers[0] = partfile_parts(&serve.file);
    send_or_end(&wire, sizeof wire);
}

_Noreturn void partserve_run(const struct partserve *with)
{
    struct partwire wire;

    if (!prepare(with)) {
        on_end("{\"broken\":\"the host refuses the limits of a process for student code\"}");
        _exit(PZ_HOST);
    }
    say_hello();
    serve.serving = true;
    while (partwire_receive(with->in, &wire, sizeof wire))
        answer_call(&wire);
    _exit(PZ_OK);
}
