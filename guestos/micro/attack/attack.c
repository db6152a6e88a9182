/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attack.c - takes the supervisor's place, in an image of its own: a program that has every
 * capability of the machine, and uses them against the kernel. Each check is a promise of the
 * kernel's README; then come calls at random. The kernel must refuse or obey, and never fail.
 */
#include <stdarg.h>

#include "server.h"

enum {
    RANDOM_CALLS = 20000,
    SCRATCH_SLOT = 16,
    SPACE_SLOT,
    OTHER_SLOT,
    THREAD_SLOT,
    END_SLOT,
    PART_SLOT,
    REPLY_SLOT,
    GIVEN_SLOT,
    FUZZ_SLOTS = 64,
    LAST_PAGE_SLOT = SLOTS - 1,
    HELPER_WAITS = -1000
};

#define HERE 0x40000000u

static uint32_t failed, page = 8; /* the first ones are of our windows */

void server_main(void);

static void print(const char *text)
{
    uint32_t w[4];

    while (*text) {
        memset(w, 0, sizeof(w));
        for (uint32_t i = 0; i < sizeof(w) && *text; i++)
            ((char *)w)[i] = *text++;
        kcall_control(FIRST_CONTROL, CONTROL_PRINT, w[0], w[1], w[2], w[3]);
    }
}

static void check(bool good, const char *what)
{
    if (!good) {
        print("attack: not true: ");
        print(what);
        print("\n");
        failed++;
    }
}

static int32_t make(uint32_t type, uint32_t at, uint32_t slot, uint32_t argument)
{
    return kcall_make(type, FIRST_MEMORY, at, slot, argument, 0, 1);
}

/* A page is an object of the kernel, or mapped; not both. */
static void attack_pages(void)
{
    uint32_t mapped = page++, made = page++;
    uint32_t *see = (uint32_t *)HERE;

    check(kcall_map(FIRST_SELF, HERE, FIRST_MEMORY, mapped, RIGHT_READ | RIGHT_WRITE) == 0,
          "a page of ours can be mapped");
    *see = 1;
    check(make(CAP_ENDPOINT, mapped, SCRATCH_SLOT, 0) < 0, "what is mapped becomes no object");
    check(kcall_map_table(FIRST_SELF, 0x50000000u, FIRST_MEMORY, mapped) < 0,
          "what is mapped becomes no page table");
    check(make(CAP_ENDPOINT, made, SCRATCH_SLOT, 0) == 0, "a free page becomes an object");
    check(kcall_map(FIRST_SELF, HERE, FIRST_MEMORY, made, RIGHT_READ) < 0,
          "an object cannot be mapped");
    check(make(CAP_THREAD, made, OTHER_SLOT, FIRST_SELF) < 0, "nor become another one");
    check(kcall_map(FIRST_SELF, HERE, FIRST_MEMORY, info->memory_pages, RIGHT_READ) < 0,
          "memory ends where it ends");
    check(kcall_map(FIRST_SELF, HERE, FIRST_MEMORY, UINT32_MAX, RIGHT_READ) < 0,
          "and does not wrap");
    check(kcall_map(FIRST_SELF, 0xc0000000u, FIRST_MEMORY, mapped, RIGHT_READ) < 0,
          "the kernel's addresses are the kernel's");
    check(kcall_map(FIRST_SELF, HERE, FIRST_ARCHIVE, 0, RIGHT_READ | RIGHT_WRITE) < 0,
          "what we may read we may not write");
    check(make(CAP_ENDPOINT, made, 0, 0) < 0 && make(CAP_ENDPOINT, made, SLOTS, 0) < 0,
          "there is no slot 0, and none above the last");
    kcall_unmap(FIRST_SELF, HERE);
    check(make(CAP_ENDPOINT, mapped, OTHER_SLOT, 0) == 0,
          "what nobody maps can be made use of");
    kcall_destroy(OTHER_SLOT);
}

/* A capability dies with its object, and does not come to life with the next one of the page. */
static void attack_lives(void)
{
    uint32_t at = page++;
    struct message m = {0};

    check(make(CAP_ENDPOINT, at, SCRATCH_SLOT, 0) == 0, "an endpoint can be made");
    check(kcall_cap_copy(FIRST_SELF, OTHER_SLOT, SCRATCH_SLOT, 7, RIGHT_SEND) == 0,
          "and copied");
    check(kcall_cap_copy(FIRST_SELF, END_SLOT, OTHER_SLOT, 8, RIGHT_ALL) < 0,
          "a badge is given once");
    check(kcall_cap_copy(FIRST_SELF, END_SLOT, OTHER_SLOT, 0, RIGHT_ALL) == 0 &&
              ipc_recv(&m, END_SLOT, 30) < 0 && kcall_destroy(END_SLOT) < 0,
          "a copy has no more rights than what it is a copy of");
    check(kcall_destroy(SCRATCH_SLOT) == 0, "an endpoint can be destroyed");
    check(kcall_signal(OTHER_SLOT) < 0, "then copies are void");
    check(make(CAP_ENDPOINT, at, SCRATCH_SLOT, 0) == 0 && kcall_signal(OTHER_SLOT) < 0,
          "also when the page is an endpoint again");
    kcall_destroy(SCRATCH_SLOT);
}

static void attack_parts(void)
{
    check(kcall_cap_part(FIRST_SELF, PART_SLOT, FIRST_MEMORY, 1, info->memory_pages,
                         RIGHT_ALL) < 0,
          "a part is not larger than the whole");
    check(kcall_cap_part(FIRST_SELF, PART_SLOT, FIRST_MEMORY, UINT32_MAX, 2, RIGHT_ALL) < 0,
          "and does not wrap");
    check(kcall_cap_part(FIRST_SELF, PART_SLOT, FIRST_MEMORY, page, 2, RIGHT_READ) == 0,
          "a part can be given");
    check(kcall_map(FIRST_SELF, HERE, PART_SLOT, 2, RIGHT_READ) < 0, "it has its pages only");
    check(kcall_map(FIRST_SELF, HERE, PART_SLOT, 0, RIGHT_READ | RIGHT_WRITE) < 0,
          "and its rights only");
    check(kcall_make(CAP_ENDPOINT, PART_SLOT, 0, SCRATCH_SLOT, 0, 0, 0) < 0 &&
              kcall_map_table(FIRST_SELF, 0x50000000u, PART_SLOT, 0) < 0,
          "memory to read becomes no object");
}

/* A space with a thread stays; without, its memory comes back. */
static void attack_spaces(void)
{
    uint32_t space = page++, root = page++, table = page++, thread = page++;

    check(make(CAP_SPACE, space, SPACE_SLOT, space) < 0, "a space is two pages");
    check(make(CAP_SPACE, space, SPACE_SLOT, root) == 0, "a space can be made");
    check(kcall_map_table(SPACE_SLOT, 0, FIRST_MEMORY, table) == 0 &&
              kcall_map_table(SPACE_SLOT, 0x1000, FIRST_MEMORY, page) < 0,
          "it has one table for an address");
    check(kcall_map_table(SPACE_SLOT, 0xc0000000u, FIRST_MEMORY, page) < 0,
          "and none for the kernel's");
    check(kcall_map(SPACE_SLOT, 0, FIRST_MEMORY, root, RIGHT_READ) < 0 &&
              kcall_map(SPACE_SLOT, 0, FIRST_MEMORY, table, RIGHT_READ) < 0,
          "nobody sees page tables");
    check(kcall_map(SPACE_SLOT, 0, FIRST_MEMORY, page, RIGHT_WRITE) < 0,
          "nothing is to be written that is not to be read");
    check(make(CAP_THREAD, thread, THREAD_SLOT, SPACE_SLOT) == 0, "a thread can be made");
    check(kcall_make(CAP_THREAD, FIRST_MEMORY, page, OTHER_SLOT, SPACE_SLOT, 0, PRIORITIES) < 0,
          "none above its maker");
    check(kcall_destroy(SPACE_SLOT) < 0, "a space with a thread cannot be destroyed");
    check(kcall_thread_set(FIRST_THREAD, 0, 0, 0, 0, 0) < 0 &&
              kcall_thread_stop(FIRST_THREAD) < 0,
          "nobody sets or stops himself");
    check(kcall_destroy(THREAD_SLOT) == 0 && kcall_destroy(SPACE_SLOT) == 0,
          "first the thread, then the space");
    check(make(CAP_ENDPOINT, table, SCRATCH_SLOT, 0) == 0, "and the tables are free");
    kcall_destroy(SCRATCH_SLOT);
}

/* A thread that faults where nobody looks after it, runs on, or stands in the kernel's way. */
static void attack_threads(void)
{
    uint32_t first = page;
    static const uint32_t places[] = {0, 0xc0000000u, 0xfffffffcu, 0x1001, HERE};

    page += 3;
    check(make(CAP_SPACE, first, SPACE_SLOT, first + 1) == 0 &&
              make(CAP_THREAD, first + 2, THREAD_SLOT, SPACE_SLOT) == 0,
          "a thread in an empty space");
    for (uint32_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        check(kcall_thread_set(THREAD_SLOT, 0, places[i], places[i], 0, 0) == 0,
              "it is set going");
        kcall_yield();
    }
    kcall_cap_part(FIRST_SELF, PART_SLOT, FIRST_MEMORY, first, 3, RIGHT_ALL);
    check(kcall_recall(PART_SLOT) == 0 && kcall_thread_stop(THREAD_SLOT) < 0 &&
              kcall_unmap(SPACE_SLOT, 0) < 0,
          "all that was made of memory ends with a recall");
}

/* ---- Those who talk, and die ---- */

/* What the helper is to do, and what came of it. */
static volatile enum { CALLS, RECEIVES } helper_does;
static volatile int32_t helper_got;

/* A thread in our space, which does one thing and then lets others run. */
static void helper(void)
{
    struct message m = {.place = GIVEN_SLOT};

    helper_got = HELPER_WAITS;
    helper_got =
        helper_does == CALLS ? ipc_call(&m, SCRATCH_SLOT) : ipc_recv(&m, SCRATCH_SLOT, 30);
    if (helper_got == 0 && helper_does == RECEIVES)
        helper_got = (int32_t)(m.tag & (uint32_t)TAG_ITEM);
    for (;;)
        kcall_yield();
}

/* It runs until it waits. */
static void start_helper(uint32_t does, uint32_t thread)
{
    helper_does = does;
    check(kcall_make(CAP_THREAD, FIRST_MEMORY, thread, THREAD_SLOT, FIRST_SELF, 0,
                     PRIORITIES - 1) == 0 &&
              kcall_thread_set(THREAD_SLOT, 0, (uint32_t)helper, HERE + PAGE_BYTES, 0, 0) == 0,
          "a thread of ours");
    kcall_yield();
}

/* A reply is good for one life of the caller's, and once. */
static void attack_dead_callers(uint32_t thread)
{
    struct message m = {0};

    start_helper(CALLS, thread);
    check(ipc_recv(&m, SCRATCH_SLOT, REPLY_SLOT) == 0, "a call arrives");
    check(kcall_destroy(THREAD_SLOT) == 0 && ipc_reply(&m, REPLY_SLOT) < 0,
          "nobody replies to a dead thread");
    start_helper(CALLS, thread);
    check(ipc_reply(&m, REPLY_SLOT) < 0, "nor to the next one of its page");
    check(ipc_recv(&m, SCRATCH_SLOT, REPLY_SLOT) == 0 && ipc_reply(&m, REPLY_SLOT) == 0 &&
              ipc_reply(&m, REPLY_SLOT) < 0,
          "a reply is good once");
    kcall_destroy(THREAD_SLOT);
}

/* Who waits at an endpoint that ends is told; who dies while it waits is waited for by nobody. */
static void attack_dead_endpoints(uint32_t endpoint, uint32_t thread)
{
    struct message m = {0};

    start_helper(CALLS, thread);
    check(helper_got == HELPER_WAITS && kcall_destroy(SCRATCH_SLOT) == 0,
          "somebody waits there");
    kcall_yield();
    check(helper_got < 0 && helper_got != HELPER_WAITS, "and goes on when it ends");
    kcall_destroy(THREAD_SLOT);
    check(make(CAP_ENDPOINT, endpoint, SCRATCH_SLOT, 0) == 0 &&
              kcall_cap_copy(FIRST_SELF, OTHER_SLOT, SCRATCH_SLOT, 1, RIGHT_SEND) == 0,
          "an endpoint again, and a right to signal");
    start_helper(CALLS, thread);
    check(kcall_destroy(THREAD_SLOT) == 0 && kcall_signal(OTHER_SLOT) == 0 &&
              ipc_recv(&m, SCRATCH_SLOT, REPLY_SLOT) == 0 && m.tag == TAG_SIGNAL,
          "a dead thread sends nothing");
    start_helper(RECEIVES, thread);
    check(kcall_destroy(THREAD_SLOT) == 0 && kcall_signal(OTHER_SLOT) == 0 &&
              ipc_recv(&m, SCRATCH_SLOT, REPLY_SLOT) == 0 && m.tag == TAG_SIGNAL,
          "and receives nothing");
}

/* What is granted is gone; and cannot be given again. */
static void attack_grants(uint32_t thread)
{
    struct message m = {.tag = TAG_CAP | TAG_GRANT, .item = END_SLOT};

    check(kcall_cap_copy(FIRST_SELF, END_SLOT, SCRATCH_SLOT, 2, RIGHT_SEND) == 0, "a copy");
    start_helper(RECEIVES, thread);
    check(ipc_send(&m, SCRATCH_SLOT) == 0, "is granted");
    kcall_yield();
    check(helper_got == (TAG_CAP | TAG_GRANT) && kcall_signal(END_SLOT) < 0 &&
              kcall_signal(GIVEN_SLOT) == 0,
          "it moves");
    kcall_destroy(THREAD_SLOT);
    kcall_cap_drop(FIRST_SELF, GIVEN_SLOT);
    ipc_recv(&m, SCRATCH_SLOT, REPLY_SLOT);
    start_helper(RECEIVES, thread);
    m = (struct message){.tag = TAG_CAP | TAG_GRANT, .item = END_SLOT};
    check(ipc_send(&m, SCRATCH_SLOT) == 0, "what is gone is granted again");
    kcall_yield();
    check(helper_got == 0 && kcall_signal(GIVEN_SLOT) < 0, "and does not arrive");
    kcall_destroy(THREAD_SLOT);
}

static void attack_messages(void)
{
    uint32_t endpoint = page++, thread = page++, stack = page++;

    check(make(CAP_ENDPOINT, endpoint, SCRATCH_SLOT, 0) == 0 &&
              kcall_map(FIRST_SELF, HERE, FIRST_MEMORY, stack, RIGHT_READ | RIGHT_WRITE) == 0,
          "an endpoint, and a stack for a thread");
    attack_dead_callers(thread);
    attack_dead_endpoints(endpoint, thread);
    attack_grants(thread);
    kcall_destroy(SCRATCH_SLOT);
    kcall_unmap(FIRST_SELF, HERE);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static uint32_t random_word(uint32_t *state)
{
    uint32_t r = next_random(state);

    switch (r % 8) {
    case 0: return next_random(state) * 2654435761u;
    case 1: return (next_random(state) % 8) << 22 | (next_random(state) % 4) << 12;
    case 2: return RIGHT_ALL;
    default: return next_random(state) % FUZZ_SLOTS;
    }
}

/* Would it take our own ground away? That is allowed, and tells nothing. */
static bool is_suicide(uint32_t call, const uint32_t *w)
{
    switch (call) {
    case CALL_destroy: return w[0] == FIRST_THREAD || w[0] == FIRST_SELF;
    case CALL_recall: return w[0] == FIRST_ARCHIVE;
    case CALL_map:
    case CALL_unmap:
    case CALL_map_table: return w[0] == FIRST_SELF;
    case CALL_cap_copy:
    case CALL_cap_part:
    case CALL_cap_drop: return w[1] < FIRST_FREE;
    case CALL_make: return w[3] < FIRST_FREE;
    case CALL_control: return w[1] != CONTROL_PRINT;
    default: return false;
    }
}

/* Slots fill with all that can be made, and copies of it; pages are few, so that they meet. */
static void attack_at_random(uint32_t seed)
{
    static int32_t (*const calls[])(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
                                    uint32_t) = {
#define CALL(number, name) [number] = (void *)kcall_##name,
#define IPC(number, name)
#define kcall_next_mapping 0
#define kcall_control 0
#include "micro/calls.def"
#undef CALL
#undef kcall_next_mapping
#undef kcall_control
    };

    for (uint32_t i = 0; i < RANDOM_CALLS; i++) {
        uint32_t call = CALL_signal + next_random(&seed) % (CALL_NUMBERS - CALL_signal);
        uint32_t w[7];

        for (int k = 0; k < 7; k++)
            w[k] = random_word(&seed);
        if (call == CALL_make)
            w[0] = CAP_SPACE + w[0] % 3, w[1] = FIRST_MEMORY, w[2] = page + w[2] % 32;
        if (calls[call] && !is_suicide(call, w))
            calls[call](w[0], w[1], w[2], w[3], w[4], w[5], w[6] % PRIORITIES);
    }
}

/* Nothing that the random calls left behind may be in the way of a new beginning. */
static void begin_anew(void)
{
    check(kcall_cap_part(FIRST_SELF, PART_SLOT, FIRST_MEMORY, 8, info->memory_pages - 8,
                         RIGHT_ALL) == 0 &&
              kcall_recall(PART_SLOT) == 0,
          "memory can be recalled after all that");
    for (uint32_t slot = FIRST_FREE; slot < SLOTS; slot++)
        kcall_cap_drop(FIRST_SELF, slot);
}

void server_main(void)
{
    check(kcall_map_table(FIRST_SELF, HERE, FIRST_MEMORY, 0) == 0, "a table for our window");
    for (uint32_t seed = 1; seed <= 4; seed++) {
        page = 8;
        attack_pages();
        attack_lives();
        attack_parts();
        attack_spaces();
        attack_threads();
        attack_messages();
        attack_at_random(seed);
        begin_anew();
    }
    print(failed ? "attack: FAILED\n" : "attack: the kernel stands\n");
    kcall_control(FIRST_CONTROL, failed ? CONTROL_FAIL : CONTROL_POWER_OFF, 0, 0, 0, 0);
}
