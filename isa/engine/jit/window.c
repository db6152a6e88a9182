/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * window.c - the guest's address space in the host's page tables. Behind each space there are
 * 4 GiB of the host's addresses, its *window*: the page that the guest has at va is mapped at the
 * window's va, from the machine's RAM (ram.c says which RAM can be mapped twice). So code that runs
 * for long need not look addresses up (through.c): the host's MMU does.
 *
 *     space: | tables ... | nothing | window: 4 GiB, mapped where shown[] says so | nothing |
 *
 * A page is shown only while the load table has it, and can be written only while the store table
 * has it: whoever takes an entry out of a table hides the page. An access to what is not shown
 * faults in the host. The handler of that signal does one thing: it lets the code go on at the slow
 * path of the access, where helper_unseen() runs the instruction by isa/exec as ever, and then
 * shows the page. That costs some microseconds, a hundred times a miss of the tables: sample.c says
 * for which code it pays.
 */
#define _GNU_SOURCE /* mremap, REG_RIP */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <ucontext.h>

#include <sys/mman.h>
#include <sys/resource.h>

#include "isa/engine/jit/internal.h"

#define MOST_SHOWN 8192u    /* the host allows a process some 65,000 mappings */
#define HIDE_ONE_BY_ONE 32u /* of more pages, the whole window is hidden at once */
#define RESERVED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)

/* A code's faults that are no reason to do without the window: at once, and per sample. */
#define FAULTS 512u
#define FAULTS_PER_SAMPLE 2u

/* ---- Memory ---- */

/* A process whose address space is limited has none to spare. */
static bool is_limited(void)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur != RLIM_INFINITY;
}

void *window_reserve(struct jit *jit, uint32_t count)
{
    void *memory = MAP_FAILED;

    jit->stride = WINDOW_STRIDE;
    if (!is_limited())
        memory = mmap(NULL, count * jit->stride, PROT_NONE, RESERVED, -1, 0);
    jit->windows = memory != MAP_FAILED;
    if (jit->windows)
        return memory;
    jit->stride = sizeof(struct space);
    return pages_reserve(count * jit->stride);
}

bool window_open(const struct jit *jit, struct space *space)
{
    return jit->stride != WINDOW_STRIDE ||
           !mprotect(space, sizeof *space, PROT_READ | PROT_WRITE);
}

static void *host_page(struct space *space, uint32_t page)
{
    return (uint8_t *)space + WINDOW_AT + ((size_t)page << PAGE_SHIFT);
}

/*
 * Nothing else may ever come to lie in a window, where the guest would see it: if the host refuses
 * even this, we cannot go on.
 */
static void hide(struct space *space, uint32_t first, size_t count)
{
    void *at = host_page(space, first);

    if (mmap(at, count << PAGE_SHIFT, PROT_NONE, RESERVED | MAP_FIXED, -1, 0) == MAP_FAILED &&
        mprotect(at, count << PAGE_SHIFT, PROT_NONE))
        abort();
}

/* ---- Showing ---- */

static bool map_page(struct jit *jit, struct space *space, uint32_t page)
{
    void *ram = (void *)(uintptr_t)(space->load[page] + ((uint64_t)page << PAGE_SHIFT));
    void *at = host_page(space, page);

    if (space->shown_count == WINDOW_PAGES)
        window_hide_all(jit, space);
    if (jit->shown >= MOST_SHOWN)
        return false;
    if (mremap(ram, 0, PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, at) == MAP_FAILED) {
        hide(space, page, 1); /* it may have left a hole */
        return false;
    }
    space->shown_page[space->shown_count++] = page;
    jit->shown++;
    return true;
}

static bool allow(struct space *space, uint32_t page, enum shown how)
{
    int rights = how == SHOWN_WRITE ? PROT_READ | PROT_WRITE : PROT_READ;

    return !mprotect(host_page(space, page), PAGE_SIZE, rights);
}

/* A page just mapped has the rights that RAM has: all. */
static void show(struct jit *jit, struct space *space, uint32_t page)
{
    enum shown how = space->store[page] ? SHOWN_WRITE : SHOWN_READ;
    enum shown is = (enum shown)space->shown[page];

    if (!space->load[page] || is == how)
        return;
    if (!is && !map_page(jit, space, page))
        return;
    space->shown[page] = (uint8_t)how;
    if ((is || how == SHOWN_READ) && !allow(space, page, how))
        window_hide(jit, space, page);
}

void window_hide(struct jit *jit, struct space *space, uint32_t page)
{
    hide(space, page, 1);
    space->shown[page] = SHOWN_NOT;
    jit->shown--;
}

void window_hide_stores(struct space *space, uint32_t page)
{
    space->shown[page] = SHOWN_READ;
    if (!allow(space, page, SHOWN_READ))
        hide(space, page, 1);
}

void window_hide_all(struct jit *jit, struct space *space)
{
    bool at_once = space->shown_count > HIDE_ONE_BY_ONE;

    for (uint32_t i = 0; i < space->shown_count; i++) {
        uint32_t page = space->shown_page[i];

        if (!space->shown[page])
            continue;
        if (!at_once)
            hide(space, page, 1);
        space->shown[page] = SHOWN_NOT;
        jit->shown--;
    }
    if (at_once)
        hide(space, 0, PAGES);
    space->shown_count = 0;
}

/* ---- Faults ---- */

/* Whose translated code this thread runs. */
static _Thread_local struct jit *running;

/*
 * Who was asked about such signals before. Every thread with an engine may come here, and a signal
 * at any time on any of them: so a record is never changed once it is published, and `before` is
 * it before the host knows our handler. There is another record only if somebody has replaced that.
 */
#define BEFORE_MOST 8u
static struct sigaction records[BEFORE_MOST];
static unsigned record_count;
static const struct sigaction *_Atomic before;
static atomic_flag is_changing = ATOMIC_FLAG_INIT; /* held by who changes these */

void window_enter(struct jit *jit)
{
    running = jit;
}

void window_leave(void)
{
    running = NULL;
}

/* The slow path of the access that is at this host address. NULL: it is none. */
static const uint8_t *slow_path(const struct jit *jit, uint64_t at)
{
    const struct cache *cache = &jit->cache;
    uint64_t access = at - (uint64_t)(uintptr_t)cache->execute;
    uint32_t low = 0, high = cache->site_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (cache->sites[middle].access < access)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == cache->site_count || cache->sites[low].access != access)
        return NULL;
    return cache->execute + cache->sites[low].slow;
}

/* A fault of others goes to who was asked before. */
static void ask_before(int number, siginfo_t *info, void *context)
{
    const struct sigaction *asked = before;

    if (asked->sa_flags & SA_SIGINFO) {
        asked->sa_sigaction(number, info, context);
    } else if (asked->sa_handler != SIG_DFL && asked->sa_handler != SIG_IGN) {
        asked->sa_handler(number);
    } else { /* it happens again as soon as we return; but for those that were sent */
        (void)sigaction(number, asked, NULL);
        if (info->si_code <= 0)
            (void)raise(number);
    }
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    greg_t *rip = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    const uint8_t *slow = NULL;

    if (running && info->si_code > 0)
        slow = slow_path(running, (uint64_t)*rip);
    if (slow)
        *rip = (greg_t)(uintptr_t)slow;
    else
        ask_before(number, info, context);
}

/* Become the handler, in place of the one that is. False: that cannot be. */
static bool take_over(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    struct sigaction now;

    if (sigaction(SIGSEGV, NULL, &now))
        return false;
    if (now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_fault)
        return true;
    if (record_count == BEFORE_MOST)
        return false;
    records[record_count] = now;
    before = &records[record_count++];
    sigemptyset(&action.sa_mask);
    return !sigaction(SIGSEGV, &action, NULL);
}

/* Let the faults of accesses through windows be handled. False: they cannot be. */
static bool watch(void)
{
    bool watches;

    while (atomic_flag_test_and_set(&is_changing))
        (void)sched_yield();
    watches = take_over();
    atomic_flag_clear(&is_changing);
    return watches;
}

bool window_ready(struct jit *jit)
{
    if (jit->windows && !jit->shared) {
        jit->shared = ram_is_shared(jit) || (jit->options.may_share && ram_share(jit));
        jit->windows = jit->shared;
    }
    jit->windows = jit->windows && watch();
    return jit->windows;
}

static bool too_many(const struct jit *jit, const struct view *view)
{
    uint64_t ran = jit->samples.count - view->since;

    return view->faults > FAULTS + FAULTS_PER_SAMPLE * ran && !jit->options.window_at_once;
}

void window_missed(struct jit *jit, uint32_t pc, uint32_t va, enum access access)
{
    struct view *view = sample_view(jit, pc);

    if (access == ACCESS_STORE)
        space_fill(jit, va, ACCESS_LOAD);
    show(jit, jit->space, va >> PAGE_SHIFT);
    if (!view || !view->windowed)
        return;
    view->faults++;
    if (too_many(jit, view)) {
        view->stays = true;
        sample_renew(jit, view, false);
    }
}
