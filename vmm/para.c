/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para.c - the hypercalls, and the page that a virtual CPU shares with the monitor. All input from
 * the guest may be hostile: registers are checked as for SBI calls, the page's words are made legal
 * by the CSRs' own rules (csr.c), and memory is accessed only by phys_read() and phys_write(),
 * never cached. shadow.c implements the effect of a call on translations.
 */
#include "vmm/para.h"

#include <stddef.h>

#include "isa/csr.h"
#include "vmm/board/sbi_call.h"
#include "vmm/dirty.h"
#include "vmm/interpret.h"
#include "vmm/parts.h"

/* Beyond this many pages, dropping all is cheaper than dropping them one by one. */
#define FENCE_PAGES_MOST 64u

const char *para_name(enum para_function function)
{
    static const char *const names[] = {
#define PARA(id, name) name,
#include "vmm/para.def"
#undef PARA
        "unknown",
    };

    return names[function < PARA_FUNCTIONS ? function : PARA_FUNCTIONS];
}

enum para_function para_called(const struct vm *vm)
{
    uint32_t number = vm->cpu->hart.x[A6];

    return number < PARA_FUNCTIONS ? (enum para_function)number : PARA_FUNCTIONS;
}

/* ---- The page ---- */

static void unshare(struct vcpu *cpu)
{
    cpu->para = (struct para_cpu){.shared = false};
}

/* A direct pointer to the page, if pages do not move; NULL: access it through phys.h. */
static uint8_t *page_at_hand(struct vm *vm, struct mpa *mpa)
{
    if (vmm_pages_move(vm->vmm) || !parts_own(vm->vmm))
        return NULL;
    *mpa = pmap_lookup(&vm->pmap, (struct gpa){vm->cpu->para.page});
    return mpa->v ? allocate_host(vm->pmap.allocator, *mpa) : NULL;
}

/* False: it is no longer RAM, so it is no longer shared. */
static bool read_page(struct vm *vm, struct para_page *page)
{
    struct mpa mpa;
    const uint8_t *host = page_at_hand(vm, &mpa);

    if (!host)
        host = phys_host(&vm->phys, vm->cpu->para.page, false);
    if (host)
        memcpy(page, host, sizeof *page);
    else
        unshare(vm->cpu);
    return host;
}

static void write_page(struct vm *vm, uint32_t offset, const void *words, uint32_t len)
{
    uint64_t at = vm->cpu->para.page + offset;
    struct mpa mpa;
    uint8_t *host = page_at_hand(vm, &mpa);

    if (host) {
        dirty_mark(vm, at);
        memcpy(host + offset, words, len);
        vm_wrote_at(vm, (struct mpa){mpa.v | offset}, at, len);
    } else if (!phys_write(&vm->phys, at, words, len)) {
        unshare(vm->cpu);
    }
}

static inline void take(struct hart *hart, enum csr_id id, uint32_t now, uint32_t value)
{
    if (value != now) /* else it is legal */
        csr_write(hart, id, value);
}

void para_load(struct vm *vm)
{
    struct hart *hart = &vm->cpu->hart;
    struct para_page page;

    if (!read_page(vm, &page))
        return;
    take(hart, CSR_sstatus, hart->sstatus, page.sstatus);
    take(hart, CSR_sscratch, hart->sscratch, page.sscratch);
    take(hart, CSR_sepc, hart->sepc, page.sepc);
    take(hart, CSR_scause, hart->scause, page.scause);
    take(hart, CSR_stval, hart->stval, page.stval);
}

void para_store(struct vm *vm)
{
    const struct hart *hart = &vm->cpu->hart;
    const uint32_t words[] = {hart->sstatus, hart->sscratch, hart->sepc, hart->scause,
                              hart->stval};

    _Static_assert(offsetof(struct para_page, a0) - offsetof(struct para_page, sstatus) ==
                       sizeof words,
                   "the page has these words in this order");
    write_page(vm, offsetof(struct para_page, sstatus), words, sizeof words);
}

/*
 * The pending set changes only when an interrupt becomes due or the guest acts on one. Both end a
 * stay, so the change is seen at the same instruction in each run. An interrupt that arrives while
 * interrupts are disabled is not checked again until the guest acts: when it enables them, it must
 * check the page itself, and call PARA_YIELD.
 */
uint32_t para_look(struct vm *vm, uint32_t cause)
{
    struct hart *hart = &vm->cpu->hart;
    uint32_t pending = hart->sip & hart->sie;
    uint32_t more = pending & ~vm->cpu->para.pending;

    if (pending == vm->cpu->para.pending)
        return cause;
    vm->cpu->para.pending = pending;
    write_page(vm, offsetof(struct para_page, pending), &pending, sizeof pending);
    if (!more || !para_shares(vm))
        return cause;
    para_load(vm);
    return hart_interrupt(hart);
}

/* A hart that has stopped, or is about to restart, shares no page. */
static bool is_reset(const struct vm *vm)
{
    const struct harts_hart *hart = &vm->board.harts.of[vm->board.harts.current];

    return hart->restarts || hart->state == HARTS_STOPPED;
}

/* Does the work of `csrrw REGISTER, sscratch, REGISTER` at the start of the handler. */
static void exchange(struct hart *hart, unsigned reg)
{
    uint32_t value = hart->x[reg];

    if (!reg)
        return;
    hart->x[reg] = hart->sscratch;
    hart->sscratch = value;
}

void para_trap_shared(struct vm *vm, const struct trap *trap)
{
    struct hart *hart = &vm->cpu->hart;
    bool nested = vm->board.harts.of[vm->board.harts.current].nested == HARTS_NESTED;

    para_load(vm);
    vm_trap(vm, trap);
    if (is_reset(vm))
        unshare(vm->cpu);
    if (trap->cause != CAUSE_ECALL_SUPERVISOR && !nested) /* else no handler is entered */
        exchange(hart, vm->cpu->para.exchange);
    if (vm->cpu->para.shared)
        para_store(vm);
}

/* ---- Hypercalls, specified in docs/para.md ---- */

typedef struct sbi_result function(struct vm *vm, const struct hart *hart);

static uint64_t address_of(const struct hart *hart)
{
    return hart->x[A0] | (uint64_t)hart->x[A1] << 32;
}

static struct sbi_result version(struct vm *vm, const struct hart *hart)
{
    (void)vm, (void)hart;
    return sbi_success(PARA_VERSION_NOW);
}

/* As with the shared memory of SBI extensions, an address of all ones ends the sharing. */
static struct sbi_result share(struct vm *vm, const struct hart *hart)
{
    uint64_t at = address_of(hart);
    struct para_page page = {.version = PARA_VERSION_NOW,
                             .sstatus = hart->sstatus,
                             .sscratch = hart->sscratch,
                             .sepc = hart->sepc,
                             .scause = hart->scause,
                             .stval = hart->stval};

    if (at == UINT64_MAX) {
        unshare(vm->cpu);
        return sbi_success(0);
    }
    if (at & PAGE_MASK || hart->x[A2] >= sizeof hart->x / sizeof hart->x[0])
        return sbi_failure(SBI_INVALID_PARAM);
    if (!phys_write(&vm->phys, at, &page, sizeof page))
        return sbi_failure(SBI_INVALID_ADDRESS);
    vm->cpu->para =
        (struct para_cpu){.shared = true, .exchange = (uint8_t)hart->x[A2], .page = at};
    return sbi_success(0);
}

/* Returns to sepc, with registers from the page: see serve(). */
static struct sbi_result sret(struct vm *vm, const struct hart *hart)
{
    (void)vm, (void)hart;
    return sbi_failure(SBI_DENIED);
}

static void fence(struct vm *vm, enum para_fence what, uint32_t va)
{
    static const struct exec_fence all = {.one_va = false};
    uint32_t satp = vm->cpu->hart.satp;

    switch (what) {
    case PARA_FENCE_NONE: break;
    case PARA_FENCE_PAGE: shadow_fence_root(&vm->shadow, satp, &va); break;
    case PARA_FENCE_ROOT: shadow_fence_root(&vm->shadow, satp, NULL); break;
    case PARA_FENCE_ALL: shadow_fence(&vm->shadow, &all); break;
    }
}

static bool is_whole(uint32_t what)
{
    return what == PARA_FENCE_ROOT || what == PARA_FENCE_ALL;
}

static struct sbi_result new_root(struct vm *vm, const struct hart *hart)
{
    uint32_t what = hart->x[A1];

    if (what != PARA_FENCE_NONE && !is_whole(what))
        return sbi_failure(SBI_INVALID_PARAM);
    csr_write(&vm->cpu->hart, CSR_satp, hart->x[A0]);
    if (vm->shadow.policy == SHADOW_FLUSH)
        shadow_drop_all(&vm->shadow);
    fence(vm, (enum para_fence)what, 0);
    return sbi_success(0);
}

static enum sbi_error update_one(struct para_batch *batch, const struct para_update *one)
{
    if (one->address % sizeof one->value || one->fence & PARA_UPDATE_RESERVED)
        return SBI_INVALID_PARAM;
    if (!phys_write(batch->phys, one->address, &one->value, sizeof one->value))
        return SBI_INVALID_ADDRESS;
    batch->fence(batch, (enum para_fence)(one->fence & PARA_UPDATE_FENCE),
                 one->fence & ~PAGE_MASK);
    return SBI_SUCCESS;
}

/* Reads the array only once, since it may lie in memory that it changes. */
struct sbi_result para_update_own(struct para_batch *batch)
{
    struct para_update updates[PARA_UPDATES_MOST];
    struct sbi_result result = sbi_success(0);
    uint32_t count = batch->count;

    if (count > PARA_UPDATES_MOST)
        return sbi_failure(SBI_INVALID_PARAM);
    if (!phys_read(batch->phys, batch->array, updates, count * (uint32_t)sizeof updates[0]))
        return sbi_failure(SBI_INVALID_ADDRESS);
    for (; result.value < count && !result.error; result.value += !result.error)
        result.error = update_one(batch, &updates[result.value]);
    return result;
}

static void fence_batch(struct para_batch *batch, enum para_fence what, uint32_t va)
{
    fence(batch->owner, what, va);
}

static struct sbi_result update(struct vm *vm, const struct hart *hart)
{
    struct para_batch batch = {&vm->phys, address_of(hart), hart->x[A2], fence_batch, vm};

    return parts_own(vm->vmm) ? para_update_own(&batch) : vm->vmm->parts->para_update(&batch);
}

static void fence_pages(struct vm *vm, uint32_t start, uint64_t end)
{
    for (uint64_t va = start & ~PAGE_MASK; va < end; va += PAGE_SIZE)
        fence(vm, PARA_FENCE_PAGE, (uint32_t)va);
}

/* Fences the pages of a range. */
static struct sbi_result fence_range(struct vm *vm, const struct hart *hart)
{
    uint32_t start = hart->x[A0], size = hart->x[A1], what = hart->x[A2];
    uint64_t end = start + (uint64_t)size;
    bool whole = what != PARA_FENCE_PAGE || size > FENCE_PAGES_MOST * PAGE_SIZE;

    if (what == PARA_FENCE_NONE || what > PARA_FENCE_ALL)
        return sbi_failure(SBI_INVALID_PARAM);
    if (what == PARA_FENCE_PAGE && end > 1ull << 32)
        return sbi_failure(SBI_INVALID_ADDRESS);
    if (!whole)
        fence_pages(vm, start, end);
    else
        fence(vm, what == PARA_FENCE_ALL ? PARA_FENCE_ALL : PARA_FENCE_ROOT, 0);
    return sbi_success(0);
}

static struct sbi_result yield(struct vm *vm, const struct hart *hart)
{
    switch (hart->x[A0]) {
    case PARA_YIELD_NOTHING: break;
    case PARA_YIELD_TURN: harts_pause(&vm->board); break;
    case PARA_YIELD_WAIT: interpret_wfi(vm); break;
    default: return sbi_failure(SBI_INVALID_PARAM);
    }
    return sbi_success(0);
}

static struct sbi_result unsupported(struct vm *vm, const struct hart *hart)
{
    (void)vm, (void)hart;
    return sbi_failure(SBI_NOT_SUPPORTED);
}

static function *const functions[] = {
    [PARA_VERSION] = version, [PARA_SHARE] = share,           [PARA_SRET] = sret,
    [PARA_ROOT] = new_root,   [PARA_UPDATE] = update,         [PARA_FENCE] = fence_range,
    [PARA_YIELD] = yield,     [PARA_FUNCTIONS] = unsupported,
};

/* As SRET; the registers that the call itself needed come from the page. */
static void return_from_trap(struct hart *hart, const struct para_page *page)
{
    hart_sret(hart);
    hart->x[A0] = page->a0;
    hart->x[A1] = page->a1;
    hart->x[A6] = page->a6;
    hart->x[A7] = page->a7;
}

/* The page has been loaded before (para_trap_shared()). */
static void serve(struct board *board, struct hart *hart)
{
    struct vm *vm = board->phys->owner;
    enum para_function called = para_called(vm);
    struct para_page page;
    struct sbi_result result;

    if (called == PARA_SRET && para_shares(vm) && read_page(vm, &page)) {
        return_from_trap(hart, &page);
        return;
    }
    result = functions[called](vm, hart);
    sbi_return(hart, result);
}

void para_init(struct vm *vm)
{
    if (vm->config.monitor == VM_PARA)
        vm->board.extra = (struct board_extra){PARA_EXTENSION, serve};
}
