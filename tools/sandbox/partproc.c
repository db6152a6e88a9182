/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partproc.c - the monitor's side: for each part, a function that sends the call to the
 * student's process and checks the answer. Requests that the part makes meanwhile are answered
 * from the machine, but only for the current call.
 */
#define _GNU_SOURCE
#include "tools/sandbox/partproc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include "isa/csr.h"
#include "tools/sandbox/boxwall.h"
#include "tools/sandbox/partbatch.h"
#include "tools/sandbox/partserve.h"
#include "tools/sandbox/parttables.h"

#define MEMORY_BYTES ((size_t)PARTPROC_MEMORY_MB << 20) /* taken page by page */
#define LOOK_MS 2000 /* after so long without a message, look at what the process does */
#define ASLEEP_LOOKS 5u

/* A call in progress: what its questions may be about. */
struct call {
    enum part_id part;
    struct phys *phys;             /* the memory that it is about; NULL: none */
    struct pmap *pmap;             /* NULL: the call is about none */
    const struct parttables *walk; /* NULL: it is no walk */
    const struct partbatch *batch; /* NULL: it is no batch of updates */
};

/* Parts are called without an owner pointer, so this state is global. */
static struct {
    struct machine_memory memory;
    int to, from;
    pid_t pid;
    clockid_t clock;
    struct vmm_parts parts;
    uint64_t has; /* a bit for each part */
    struct vmm *vmm;
    partproc_ended *ended;
    void *owner;
} proc = {.to = -1};

/* ---- Its end ---- */

/* The process has ended, or its messages no longer count. */
_Noreturn static void end(const struct partproc_end *how)
{
    proc.ended(proc.owner, how);
    abort();
}

_Noreturn static void refuse(enum part_id part, const char *what)
{
    static const char *const names[PART_COUNT] = {
#define PART(name, type, arguments) [PART_##name] = "part_" #name "()",
#include "vmm/parts.def"
#undef PART
    };
    struct partproc_end how = {.end = BOX_FORGED};

    (void)snprintf(how.where, sizeof how.where, "%s %s", names[part], what);
    end(&how);
}

/* What the process itself reports of its end (box.c). It is not to be trusted. */
static void read_line(const char *line, struct partproc_end *how)
{
    json_t *said = json_loads(line, 0, NULL);
    const json_t *forbidden = json_object_get(said, "forbidden");
    const json_t *where = json_object_get(said, "where");

    if (json_is_integer(forbidden)) {
        how->end = BOX_FORBIDDEN;
        boxwall_name((int)json_integer_value(forbidden), how->where, sizeof how->where);
    } else if (json_is_integer(json_object_get(said, "signal"))) {
        how->signal = (int)json_integer_value(json_object_get(said, "signal"));
        how->end = how->signal == SIGXCPU ? BOX_TIME : BOX_CRASH;
        (void)snprintf(how->where, sizeof how->where, "%.100s",
                       json_is_string(where) ? json_string_value(where) : "");
    }
    json_decref(said);
}

/* It has ended without a report: what the host says. */
static void read_status(struct partproc_end *how)
{
    int status = 0;

    while (waitpid(proc.pid, &status, 0) < 0 && errno == EINTR)
        ;
    how->end = BOX_EXIT;
    how->status = WEXITSTATUS(status);
    if (!WIFSIGNALED(status))
        return;
    how->signal = WTERMSIG(status);
    how->end = how->signal == SIGKILL || how->signal == SIGXCPU ? BOX_TIME
               : how->signal == SIGSYS                          ? BOX_FORBIDDEN
                                                                : BOX_CRASH;
}

_Noreturn static void end_without_word(void)
{
    struct partproc_end how = {.end = BOX_EXIT};

    read_status(&how);
    end(&how);
}

/* ---- Messages ---- */

static void send_wire(const struct partwire *wire)
{
    if (!partwire_send(proc.to, wire, sizeof *wire))
        end_without_word();
}

/* Is it asleep, neither working nor ready to? Nothing will ever wake it. */
static bool is_asleep(void)
{
    char path[64], line[512] = "";
    const char *after;
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)proc.pid);
    file = fopen(path, "re");
    if (!file)
        return false;
    if (!fgets(line, sizeof line, file))
        line[0] = '\0';
    fclose(file);
    after = strrchr(line, ')');
    return after && after[1] == ' ' && after[2] == 'S';
}

/* It may work for long, as its limit is one of CPU time; but asleep it would use none. */
static void wait_for_word(void)
{
    struct pollfd polled = {.fd = proc.from, .events = POLLIN};
    unsigned asleep = 0;

    while (poll(&polled, 1, asleep ? LOOK_MS / 20 : LOOK_MS) <= 0) {
        asleep = is_asleep() ? asleep + 1 : 0;
        if (asleep >= ASLEEP_LOOKS)
            end(&(struct partproc_end){.end = BOX_TIME, .where = "it waits for ever"});
    }
}

static void receive_wire(struct partwire *wire)
{
    wait_for_word();
    if (!partwire_receive(proc.from, wire, sizeof *wire))
        end_without_word();
    wire->data[PARTWIRE_DATA - 1] = '\0';
    if (wire->kind == PARTWIRE_END) {
        struct partproc_end how = {.end = BOX_FORGED, .where = "gave no valid answer"};

        read_line(wire->data, &how);
        end(&how);
    }
}

/* ---- The pmap's pages ---- */

static bool may_write(const struct pmap *pmap, uint64_t number)
{
    const struct allocator *allocator = pmap->allocator;

    return number < allocator->count && allocator->pages[number].kind == PAGE_PMAP &&
           (allocator->pages[number].owner == pmap->owner ||
            allocator->pages[number].owner == ALLOCATE_MONITOR);
}

/* Pages of other VMs' tables are discarded, like everything that a part may not write. */
static void take_pages(const struct call *call, const struct partwire *wire)
{
    struct partwire_page page;

    if (wire->pages > PARTWIRE_PAGES || (wire->pages && !call->pmap))
        refuse(call->part, "sent pages that were not requested");
    for (uint32_t i = 0; i < wire->pages; i++) {
        if (!partwire_receive(proc.from, &page, sizeof page))
            end_without_word();
        if (may_write(call->pmap, page.number))
            memcpy(call->pmap->allocator->ram + (page.number << PAGE_SHIFT), page.bytes,
                   PAGE_SIZE);
    }
    if (!call->pmap)
        return;
    call->pmap->root = wire->root;
    call->pmap->last = wire->last;
    call->pmap->last_slot = wire->last_slot;
}

/* ---- Questions ---- */

static uint8_t *page_of(const struct call *call, uint64_t pa, bool store)
{
    if (!call->phys || !call->phys->page || pa & PAGE_MASK || pa >> 34)
        refuse(call->part, "asked for memory that is not the guest's");
    return call->phys->page(call->phys, pa, store);
}

/*
 * A walk writes A and D in tables. The write is done as all of the monitor's are, by
 * phys_write().
 */
static void write_guest(const struct call *call, const struct partwire *wire)
{
    uint64_t pa = wire->numbers[0];
    uint32_t old, new;

    if (!call->walk || wire->numbers[1] != 4 || pa % 4 || pa >> 34 ||
        !parttables_has(call->walk, pa & ~(uint64_t)PAGE_MASK) ||
        !phys_read(call->phys, pa, &old, 4))
        refuse(call->part, "wrote to memory that is not a page table");
    memcpy(&new, wire->data, sizeof new);
    if ((old ^ new) & ~(PTE_A | PTE_D))
        refuse(call->part, "wrote more of a page table's entry than A and D");
    if (!phys_write(call->phys, pa, &new, sizeof new))
        refuse(call->part, "wrote where there is no memory");
}

/* A batch writes the entries that its array names. */
static void write_update(const struct call *call, const struct partwire *wire)
{
    uint32_t value;

    memcpy(&value, wire->data, sizeof value);
    if (wire->numbers[1] != sizeof value ||
        !partbatch_has(call->batch, wire->numbers[0], value) ||
        !phys_write(call->phys, wire->numbers[0], &value, sizeof value))
        refuse(call->part, "wrote a value that is in no entry of the array");
}

static void fence_batch(const struct call *call, const struct partwire *wire)
{
    if (!call->batch || wire->numbers[0] > PARA_FENCE_ALL)
        refuse(call->part, "asked for a fence that there is not");
    call->batch->asked->fence(call->batch->asked, (enum para_fence)wire->numbers[0],
                              (uint32_t)wire->numbers[1]);
}

/* The monitor as owner is a mistake that a student can make, and that the checks find. */
static bool is_owner(uint64_t id)
{
    return id == ALLOCATE_MONITOR || (id <= VMM_VMS && proc.vmm->vms[id - 1]);
}

static bool is_kind(uint64_t kind)
{
    return kind == PAGE_GUEST || kind == PAGE_PMAP;
}

static void allocator_question(const struct call *call, struct partwire *wire)
{
    struct allocator *allocator = &proc.vmm->allocator;
    uint16_t owner = (uint16_t)wire->numbers[0];
    enum page_kind kind = (enum page_kind)wire->numbers[1];
    bool names_page = wire->kind == PARTWIRE_RESERVED || wire->kind == PARTWIRE_FREE;

    if (!call->pmap || (wire->kind != PARTWIRE_FREE && !is_owner(wire->numbers[0])) ||
        (names_page && wire->mpa.v >> PAGE_SHIFT >= allocator->count))
        refuse(call->part, "asked the allocator for a page that belongs to no VM");
    if ((wire->kind == PARTWIRE_ALLOCATE || wire->kind == PARTWIRE_RESERVED) &&
        !is_kind(wire->numbers[1]))
        refuse(call->part, "asked the allocator for pages of another kind than a pmap has");
    if (wire->kind == PARTWIRE_ALLOCATE)
        wire->result = allocate_page(allocator, owner, kind, &wire->mpa);
    else if (wire->kind == PARTWIRE_RESERVE)
        wire->result =
            wire->numbers[1] <= allocator->count &&
            allocate_reserve(allocator, owner, (uint32_t)wire->numbers[1], &wire->mpa);
    else if (wire->kind == PARTWIRE_RESERVED)
        wire->result = allocate_reserved(allocator, owner, kind, wire->mpa);
    else if (is_kind(allocate_info(allocator, wire->mpa)->kind))
        allocate_free(allocator, wire->mpa);
}

static void answer(const struct call *call, struct partwire *wire)
{
    switch (wire->kind) {
    case PARTWIRE_PAGE:
        wire->address = (uintptr_t)page_of(call, wire->numbers[0],
                                           wire->numbers[1] && call->part == PART_walk);
        break;
    case PARTWIRE_WROTE:
        if (call->batch)
            write_update(call, wire);
        else
            write_guest(call, wire);
        break;
    case PARTWIRE_FENCE: fence_batch(call, wire); break;
    case PARTWIRE_ALLOCATE:
    case PARTWIRE_RESERVE:
    case PARTWIRE_RESERVED:
    case PARTWIRE_FREE: allocator_question(call, wire); break;
    default: refuse(call->part, "wrote to the grader's own files");
    }
    wire->kind = PARTWIRE_REPLY;
    send_wire(wire);
}

/* Send the call; what comes back in `wire` is the part's answer. */
static void do_call(const struct call *call, struct partwire *wire)
{
    wire->kind = PARTWIRE_CALL;
    wire->part = call->part;
    send_wire(wire);
    for (;;) {
        receive_wire(wire);
        take_pages(call, wire);
        if (wire->kind == PARTWIRE_REPLY)
            return;
        answer(call, wire);
    }
}

/* ---- What stands for the parts ---- */

/* A hart as a part has left it. */
static void take_hart(enum part_id part, struct hart *hart, const struct hart *said)
{
    if (said->mode > HART_SUPERVISOR)
        refuse(part, "gave the hart a mode that there is not");
    *hart = *said;
}

/* An ECALL from supervisor mode would be served by the firmware: the guest has executed none. */
static void take_trap(enum part_id part, struct trap *trap, const struct trap *said)
{
    if (said->cause > CAUSE_STORE_PAGE_FAULT ||
        (said->cause >= CAUSE_ECALL_USER && said->cause < CAUSE_INSN_PAGE_FAULT))
        refuse(part, "answered with a trap that the instruction cannot take");
    *trap = *said;
}

static bool call_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    struct partwire wire = {.hart = *hart, .insn = *insn, .trap = *trap};

    do_call(&(struct call){.part = PART_sret}, &wire);
    take_hart(PART_sret, hart, &wire.hart);
    if (!wire.result)
        take_trap(PART_sret, trap, &wire.trap);
    return wire.result;
}

static bool call_csrrw(struct hart *hart, const struct insn *insn)
{
    struct partwire wire = {.hart = *hart, .insn = *insn};

    do_call(&(struct call){.part = PART_csrrw}, &wire);
    take_hart(PART_csrrw, hart, &wire.hart);
    return wire.result;
}

static uint32_t call_sstatus_read(const struct hart *hart)
{
    struct partwire wire = {.hart = *hart};

    do_call(&(struct call){.part = PART_sstatus_read}, &wire);
    return (uint32_t)wire.result;
}

static void call_sstatus_write(struct hart *hart, uint32_t value)
{
    struct partwire wire = {.hart = *hart, .numbers = {value}};

    do_call(&(struct call){.part = PART_sstatus_write}, &wire);
    take_hart(PART_sstatus_write, hart, &wire.hart);
}

/* The page must be a guest's. It may be another guest's, which the checks then find. */
static struct mpa guest_page(enum part_id part, const struct allocator *allocator,
                             struct mpa mpa)
{
    if (mpa.v >> PAGE_SHIFT >= allocator->count ||
        allocate_info(allocator, mpa)->kind != PAGE_GUEST)
        refuse(part, "answered with a page that belongs to no guest");
    return mpa;
}

static enum pmap_result call_pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    struct partwire wire = {.address = (uintptr_t)pmap, .numbers = {gpa.v}};

    do_call(&(struct call){.part = PART_pmap_translate, .pmap = pmap}, &wire);
    if (wire.result > PMAP_NO_MEMORY)
        refuse(PART_pmap_translate, "answered with no enum pmap_result");
    if (wire.result == PMAP_OK)
        *mpa = guest_page(PART_pmap_translate, pmap->allocator, wire.mpa);
    return (enum pmap_result)wire.result;
}

static struct mpa call_pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    struct partwire wire = {.address = (uintptr_t)pmap, .numbers = {gpa.v}};

    do_call(&(struct call){.part = PART_pmap_lookup, .pmap = (struct pmap *)pmap}, &wire);
    return wire.mpa.v ? guest_page(PART_pmap_lookup, pmap->allocator, wire.mpa) : MPA_NONE;
}

static void check_walk(const struct partwire *wire)
{
    const struct sv32_walk *walk = &wire->walk;

    if (wire->result > SV32_ACCESS_FAULT || walk->level >= SV32_LEVELS || walk->pa >> 34 ||
        walk->pte_pa >> 34 || walk->table[0] >> 34 || walk->table[1] >> 34)
        refuse(PART_walk, "answered with an address, a level or a result that there is not");
}

static enum sv32_result call_walk(const struct sv32_space *space, uint32_t va,
                                  enum access access, struct sv32_walk *walk)
{
    const struct parttables asked = {*space, va, access};
    struct partwire wire = {.space = *space,
                            .walk = *walk,
                            .address = (uintptr_t)space->phys,
                            .numbers = {va, access}};

    do_call(&(struct call){.part = PART_walk, .phys = space->phys, .walk = &asked}, &wire);
    check_walk(&wire);
    *walk = wire.walk;
    return (enum sv32_result)wire.result;
}

/*
 * A wrong walk often leads to a page that is no guest's. Then there is no memory there: guests
 * must not write what belongs to the monitor.
 */
static bool leads_to_guest(const struct phys *phys, uint64_t pa)
{
    const struct allocator *allocator = &proc.vmm->allocator;

    return !proc.vmm || phys->ram != allocator->ram ||
           (pa - phys->base < phys->size &&
            allocate_info(allocator, (struct mpa){(uint32_t)pa})->kind == PAGE_GUEST);
}

static enum sv32_result call_two_stage(const struct sv32_space *space, uint32_t va,
                                       enum access access, struct sv32_walk *walk)
{
    const struct parttables asked = {*space, va, access};
    struct partwire wire = {.space = *space,
                            .address = (uintptr_t)space->phys->ram,
                            .numbers = {va, access, space->phys->base, space->phys->size}};

    do_call(&(struct call){.part = PART_two_stage, .phys = space->phys, .walk = &asked}, &wire);
    if (wire.result > SV32_GUEST_PAGE_FAULT || wire.walk.pa >> 34 || wire.walk.gpa >> 34)
        refuse(PART_two_stage, "answered with an address or a result that there is not");
    *walk = wire.walk;
    if (wire.result == SV32_OK && !leads_to_guest(space->phys, walk->pa))
        return SV32_ACCESS_FAULT;
    return (enum sv32_result)wire.result;
}

static struct sbi_result call_para_update(struct para_batch *batch)
{
    struct partbatch asked;
    struct partwire wire = {.address = (uintptr_t)batch->phys,
                            .numbers = {batch->array, batch->count}};

    partbatch_begin(&asked, batch);
    do_call(&(struct call){.part = PART_para_update, .phys = batch->phys, .batch = &asked},
            &wire);
    return (struct sbi_result){(int32_t)wire.result, (uint32_t)wire.numbers[0]};
}

static struct shadow_key call_shadow_key(const struct hart *hart, enum shadow_policy policy)
{
    struct partwire wire = {.hart = *hart, .numbers = {policy}};

    do_call(&(struct call){.part = PART_shadow_key}, &wire);
    if (wire.key.mode > HART_SUPERVISOR)
        refuse(PART_shadow_key, "answered with a mode that there is not");
    return wire.key;
}

static uint32_t call_shadow_rights(const struct sv32_space *space, uint32_t pte)
{
    struct partwire wire = {
        .space = *space, .address = (uintptr_t)space->phys, .numbers = {pte}};

    do_call(&(struct call){.part = PART_shadow_rights, .phys = space->phys}, &wire);
    return (uint32_t)wire.result & (PTE_R | PTE_W | PTE_X);
}

static void call_load_world(struct hart *cpu, const struct hart *vcpu)
{
    struct partwire wire = {.hart = *cpu, .other = *vcpu};

    do_call(&(struct call){.part = PART_load_world}, &wire);
    take_hart(PART_load_world, cpu, &wire.hart);
}

static void call_save_world(struct hart *vcpu, const struct hart *cpu)
{
    struct partwire wire = {.hart = *vcpu, .other = *cpu};

    do_call(&(struct call){.part = PART_save_world}, &wire);
    take_hart(PART_save_world, vcpu, &wire.hart);
}

static uint32_t call_interrupt(const struct board *board, struct hart *hart)
{
    struct partwire wire = {.address = (uintptr_t)board, .hart = *hart};
    uint32_t cause;

    do_call(&(struct call){.part = PART_interrupt}, &wire);
    cause = (uint32_t)wire.result;
    if (cause && !(cause & CAUSE_INTERRUPT))
        refuse(PART_interrupt, "answered with a cause that is not an interrupt");
    take_hart(PART_interrupt, hart, &wire.hart);
    return cause;
}

static uint64_t call_budget(const struct board *board, const struct hart *hart)
{
    struct partwire wire = {.address = (uintptr_t)board, .hart = *hart};

    do_call(&(struct call){.part = PART_budget}, &wire);
    return wire.result;
}

/* A wait can leave the machine idle. Only the guest itself can shut it down. */
static void take_vm(enum part_id part, struct vm *vm, const struct partwire *wire)
{
    if (wire->power != vm->board.power && wire->power != BOARD_IDLE)
        refuse(part, "switched the machine off");
    take_hart(part, &vm->cpu->hart, &wire->hart);
    vm->board.power = wire->power;
    vm->board.deadline = wire->deadline;
    vm->wake = wire->wake;
    vm->yields = wire->yields;
}

static void call_wait(struct vm *vm)
{
    struct partwire wire = {.address = (uintptr_t)vm};

    do_call(&(struct call){.part = PART_wait}, &wire);
    take_vm(PART_wait, vm, &wire);
}

static bool call_awake(struct vm *vm)
{
    struct partwire wire = {.address = (uintptr_t)vm};

    do_call(&(struct call){.part = PART_awake}, &wire);
    take_vm(PART_awake, vm, &wire);
    return wire.result;
}

static bool call_interprets(const struct vm *vm)
{
    struct partwire wire = {.address = (uintptr_t)vm};

    do_call(&(struct call){.part = PART_interprets}, &wire);
    return wire.result;
}

/* ---- Beginning ---- */

/* Opened again, for reading only: no process can make more of that descriptor. */
static int open_memory(int *to_read)
{
    int fd = memfd_create("pz-machine", MFD_CLOEXEC);
    char path[64];

    if (fd < 0 || ftruncate(fd, (off_t)MEMORY_BYTES))
        return -1;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    *to_read = open(path, O_RDONLY | O_CLOEXEC);
    return *to_read < 0 ? -1 : fd;
}

static bool map_memory(int fd)
{
    void *bytes =
        mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);

    if (bytes == MAP_FAILED)
        return false;
    proc.memory = (struct machine_memory){bytes, MEMORY_BYTES};
    return true;
}

/*
 * The two processes take turns, some ten thousand times in a check. On one CPU a turn is a switch
 * between processes; on two it would be an idle CPU that has to be woken, which costs ten times as
 * much, and far more where the host is itself a virtual machine.
 */
static void share_cpu(void)
{
    int here = sched_getcpu();
    cpu_set_t cpus;

    if (here < 0)
        return;
    CPU_ZERO(&cpus);
    CPU_SET((unsigned)here, &cpus);
    (void)sched_setaffinity(0, sizeof cpus, &cpus);
}

bool partproc_start(const char *object, const struct box_limits *limits)
{
    int memory, to_read = -1, calls[2], answers[2];

    memory = open_memory(&to_read);
    if (memory < 0 || !map_memory(memory) || pipe2(calls, O_CLOEXEC) ||
        pipe2(answers, O_CLOEXEC))
        return false;
    share_cpu();
    proc.pid = fork();
    if (!proc.pid)
        partserve_run(&(struct partserve){.object = object,
                                          .limits = limits,
                                          .in = calls[0],
                                          .out = answers[1],
                                          .memory = to_read,
                                          .begin = proc.memory.at,
                                          .size = MEMORY_BYTES});
    close(calls[0]), close(answers[1]), close(memory), close(to_read);
    proc.to = calls[1];
    proc.from = answers[0];
    return proc.pid > 0 && !clock_getcpuclockid(proc.pid, &proc.clock);
}

int partproc_descriptor(void)
{
    return proc.to;
}

struct machine_memory *partproc_memory(void)
{
    return &proc.memory;
}

enum pz_err partproc_load(const struct vmm_parts **parts, partproc_ended *ended, void *owner,
                          struct problem *problem)
{
    struct partwire wire;

    proc.ended = ended;
    proc.owner = owner;
    receive_wire(&wire);
    if (wire.kind != PARTWIRE_HELLO)
        refuse(PART_sret, "wrote to the grader's own files");
    proc.has = wire.numbers[0];
    proc.parts = vmm_parts_own;
    if (!proc.has)
        return problem_set(problem, PZ_USAGE, "%s", wire.data);
#define PART(name, type, arguments)                                                            \
    if (proc.has >> PART_##name & 1)                                                           \
        proc.parts.name = call_##name;
#include "vmm/parts.def"
#undef PART
    *parts = &proc.parts;
    return PZ_OK;
}

bool partproc_has(const char *name)
{
#define PART(part, type, arguments)                                                            \
    if (!strcmp(name, #part))                                                                  \
        return proc.has >> PART_##part & 1;
#include "vmm/parts.def"
#undef PART
    return false;
}

void partproc_serve(struct vmm *vmm)
{
    proc.vmm = vmm;
}

uint64_t partproc_cpu_ms(void)
{
    struct timespec used;

    if (proc.pid <= 0 || clock_gettime(proc.clock, &used))
        return 0;
    return (uint64_t)used.tv_sec * 1000u + (uint64_t)used.tv_nsec / 1000000u;
}
