/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root.h - between the supervisor's halves: root.c decides, build.c makes a server from its file.
 */
#ifndef MICRO_ROOT_H
#define MICRO_ROOT_H

#include <stdarg.h>

#include "server.h"

enum {
#define SERVER(id, part, prio) SERVER_##id,
#include "servers.def"
#undef SERVER
    SERVERS
};

/* Our slots. */
enum {
    ROOT_SLOT = FIRST_FREE,
    REPLY_SLOT,
    POOL_SLOT,
    LETTERS_SLOT,
    BUILD_SLOT,
    HANDLER_SLOT,
    ENDPOINT_SLOT = 32,
    OBJECT_SLOT = 64
};

#define SCRATCH 0x40000000u
#define BAD_ADDRESS 0xbffffff0u

enum { MOST_DEATHS = 50, STACK_PAGES = 4 };

struct server {
    const char *name;
    uint32_t priority;
    uint32_t space_slot, thread_slot, memory_slot; /* 0: never started */
    uint32_t first_page, pages;                    /* of FIRST_MEMORY: all that it is made of */
    uint32_t deaths;
    uint32_t argument[2]; /* what it is told when it starts */
};

extern struct server servers[SERVERS];

struct sink;
void root_no_flush(struct sink *s);
void root_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void root_give_up(const char *why);
void root_must(int32_t result, const char *what);
uint32_t root_take(uint32_t pages); /* the first of so many pages, which nobody has */

/* build.c: letters, the page of information and the processes' memory; a server, anew. */
void root_share(void);
void root_start(struct server *s);

void server_main(void);

#endif
