/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root.c - the supervisor, the first program. Has all that the machine has, divides it among the
 * servers, starts them, and starts those again that die. What a server had in its memory is lost
 * with it; its endpoint, and so the capabilities that others have for it, are the supervisor's and
 * last. Processes are not its affair: they are the pager's and the process server's, and end
 * with either.
 */
#include "root.h"

#include "elf.h"
#include "format.h"

struct server servers[SERVERS] = {
#define SERVER(id, part, prio) [SERVER_##id] = {.name = part, .priority = prio},
#include "servers.def"
#undef SERVER
};

static uint32_t next_page;

void root_print(const char *fmt, ...)
{
    union {
        char text[80];
        uint32_t word[20];
    } line = {{0}};
    struct sink s = {
        .buffer = line.text, .size = sizeof(line.text) - 1, .flush = root_no_flush};
    va_list args;

    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
    for (uint32_t i = 0; i < s.used; i += 16)
        kcall_control(FIRST_CONTROL, CONTROL_PRINT, line.word[i / 4], line.word[i / 4 + 1],
                      line.word[i / 4 + 2], line.word[i / 4 + 3]);
}

/* Lines are short: what does not fit is cut. */
void root_no_flush(struct sink *s)
{
    if (s->used == s->size)
        s->used--;
}

void root_give_up(const char *why)
{
    root_print("root: %s\n", why);
    kcall_control(FIRST_CONTROL, CONTROL_FAIL, 0, 0, 0, 0);
    for (;;)
        ;
}

void root_must(int32_t result, const char *what)
{
    if (result < 0)
        root_give_up(what);
}

uint32_t root_take(uint32_t pages)
{
    uint32_t first = next_page;

    next_page += pages;
    if (next_page > info->memory_pages)
        root_give_up("not enough memory");
    return first;
}

static void make_endpoints(void)
{
    for (uint32_t i = 0; i < SERVERS; i++)
        root_must(
            kcall_make(CAP_ENDPOINT, FIRST_MEMORY, root_take(1), ENDPOINT_SLOT + i, 0, 0, 0),
            "endpoint");
    root_must(kcall_make(CAP_ENDPOINT, FIRST_MEMORY, root_take(1), ROOT_SLOT, 0, 0, 0),
              "endpoint");
}

/* Tables for our own windows: a scratch page, and the archive. */
static void make_windows(void)
{
    root_must(kcall_map_table(FIRST_SELF, SCRATCH, FIRST_MEMORY, root_take(1)), "window");
    root_must(kcall_map_table(FIRST_SELF, ARCHIVE, FIRST_MEMORY, root_take(1)), "window");
    for (uint32_t i = 0; i < info->archive_pages; i++)
        root_must(kcall_map(FIRST_SELF, ARCHIVE + i * PAGE_BYTES, FIRST_ARCHIVE, i, RIGHT_READ),
                  "archive");
}

static struct server *find(const char *name)
{
    for (struct server *s = servers; s < servers + SERVERS; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

/* As a fault in it would: it goes on where nothing is. The kernel then tells us of the fault. */
static int32_t crash(const char *name)
{
    struct server *s = find(name);

    if (!s || !s->thread_slot)
        return -ENOENT;
    return kcall_thread_set(s->thread_slot, 0, BAD_ADDRESS, STACK_TOP, 0, 0);
}

static int32_t tell_part(struct message *m)
{
    uint32_t slot = m->word[0];

    if (slot >= SERVERS)
        return -EINVAL;
    memset(m->word, 0, sizeof(m->word));
    copy_name((char *)m->word, servers[slot].name, sizeof(m->word));
    return 0;
}

static bool is_of_processes(const struct server *s)
{
    return s == &servers[SERVER_MEM] || s == &servers[SERVER_PROC];
}

/* The pager and the process server know of each other's processes: one is no use without. */
static void start_again(struct server *s)
{
    if (++s->deaths > MOST_DEATHS)
        root_give_up("a server dies again and again");
    if (!is_of_processes(s)) {
        root_start(s);
        return;
    }
    root_print("root: all processes are lost\n");
    kcall_recall(POOL_SLOT);
    root_start(&servers[SERVER_MEM]);
    root_start(&servers[SERVER_PROC]);
}

static void bury(struct message *m)
{
    uint32_t who = m->badge - BADGE_SERVER;

    if (who >= SERVERS)
        return;
    root_print("root: %s died: cause %u at 0x%08x, pc 0x%08x: started again\n",
               servers[who].name, m->tag & TAG_LABEL, m->word[0], m->word[1]);
    start_again(&servers[who]);
}

static bool handle(struct message *m)
{
    int32_t result = -ENOSYS;
    char name[NAME_SIZE + 1] = {0};

    if (m->tag & (uint32_t)TAG_FAULT) {
        bury(m);
        return false;
    }
    if ((m->tag & TAG_LABEL) == ROOT_CRASH) {
        memcpy(name, m->word, sizeof(m->word));
        result = crash(name);
    } else if ((m->tag & TAG_LABEL) == ROOT_PART) {
        result = tell_part(m);
        m->tag = (uint32_t)(result < 0);
        return true;
    }
    m->tag = 0;
    m->word[0] = (uint32_t)result;
    return true;
}

void server_main(void)
{
    struct message m = {0};

    make_endpoints();
    make_windows();
    root_share();
    for (uint32_t i = 0; i < SERVERS; i++)
        root_start(&servers[i]);
    for (;;) {
        ipc_recv(&m, ROOT_SLOT, REPLY_SLOT);
        if (handle(&m))
            ipc_reply(&m, REPLY_SLOT);
    }
}
