/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * posix.h - the POSIX-like library system: processes, files and pipes, made by the programs that
 * use them. Each process is an environment. The library lies in all of them, and so does its
 * state: what a kernel would keep to itself is here in memory that all environments of the group
 * share. One lock protects it; whoever wants it gives its slice to whoever has it.
 *
 *   0x00000000  program, heap ...          from here on up as in every system
 *   0x9f400000  CACHE: pages of files and pipes   one table, in all processes
 *   0x9f800000  LIB: image, archive, owner table, state   the same
 *   0x9fc00000  PRIVATE: the process's own tables to read, its library stack, its save page
 *   0xbfff0000  stack
 */
#ifndef EXO_POSIX_H
#define EXO_POSIX_H

#include <stdbool.h>
#include <stddef.h>

#include "console.h"
#include "copy.h"
#include "exo/call.h"
#include "file.h"
#include "pipe.h"
#include "print.h"
#include "ramfs.h"

#define PAGE 4096u
#define SUPERPAGE 0x400000u
#define USER_TOP 0xc0000000u
#define STACK_BASE (USER_TOP - 0x10000u)
#define HEAP_LIMIT CACHE
#define CACHE 0x9f400000u
#define LIB 0x9f800000u
#define LIB_ARCHIVE (LIB + 0x80000u)
#define LIB_INFO (LIB + 0x1f0000u)
#define LIB_OWNERS (LIB + 0x200000u)
#define LIB_STATE (LIB + 0x380000u)
#define PRIVATE 0x9fc00000u
#define STACK_LOW (PRIVATE + 0x3f0000u)
#define STACK_HIGH (PRIVATE + 0x3f2000u)
#define WINDOW (PRIVATE + 0x3f8000u)
#define SAVE_VA (PRIVATE + 0x3ff000u)
#define COW MAP_SOFT1 /* writable, once it is our own */
#define PROTECTED                                                                              \
    MAP_SOFT2 /* read-only because the program wants it so: its handler's affair */
#define EACCES 13

enum {
    CACHE_PAGES = 1024,
    MAX_SEGMENTS = 8,
    RESERVE = 8, /* pages that programs do not see: tables and the like */
    FORK_PAGES = 4,
    ARGS_SIZE = 1024,
    INIT_PID = 1,
    REG_RA = 1,
    REG_SP = 2,
    REG_A0 = 10,
    REG_A1 = 11,
    REG_A7 = 17,
};

/* start.S: the registers of a program that is in the library. */
struct frame {
    uint32_t x[32]; /* x[0]: pc */
};

struct range {
    uint32_t start, end, rights; /* MAP_... */
};

enum { PROC_UNUSED = 0, PROC_NEW = 5 }; /* besides the STATE_... of abi.h */

struct proc {
    uint32_t state, env;
    struct proc *parent;
    const void *channel; /* STATE_SLEEPING: for what */
    int pid, group, status;
    uint32_t pages, held;
    uint32_t heap_start, heap_end;
    uint32_t fault_handler; /* 0: none */
    struct range segment[MAX_SEGMENTS];
    struct file *files[MAX_FDS];
    char name[NAME_SIZE];
};

struct args {
    uint32_t count, used;
    char text[ARGS_SIZE];
};

/* All that the processes share. */
struct state {
    uint32_t lock; /* the environment that has it; 0: nobody */
    uint32_t group;
    uint32_t lib_table, cache_table;
    uint32_t held;
    uint32_t tick_length, ticks;
    uint64_t next_tick;
    int next_pid, foreground;
    struct proc proc[MAX_PROCESSES];
    uint32_t cache_used[CACHE_PAGES / 32];
    uint32_t console_page; /* and where all map it: */
    char *console;
    struct args args; /* of the exec that has the lock */
};

#define shared ((struct state *)LIB_STATE)
#define info ((const struct exo_info *)LIB_INFO)
#define lib_archive ((const struct archive_file *)LIB_ARCHIVE)
#define owner(number) (&((const struct page *)LIB_OWNERS)[(number)-info->first_page])
/* In the rest of the save page: which process this is. */
#define me (*(struct proc **)(SAVE_VA + SAVE_SIZE))

/* An environment that is being built. */
struct space {
    uint32_t env;
    struct proc *proc;
    struct save *save; /* at WINDOW */
};

/* start.S */
extern char posix_entry[], posix_handler[];
_Noreturn void posix_run_handler(uint32_t frame, uint32_t handler, uint32_t address);

/* main.c */
int32_t posix_call(const uint32_t *a, uint32_t number, struct frame *f);
void lock(void);
void unlock(void);

/* vm.c: this process's memory. */
uint32_t *vm_entry(uint32_t va); /* the hardware's entry, to read; NULL: no table */
uint32_t vm_free_pages(void);
/* Make it so that an access works; -EACCES: the program has protected the page. */
int32_t vm_touch(uint32_t va, uint32_t right);
int32_t vm_range(uint32_t va, uint32_t n, uint32_t right);
int32_t vm_sbrk(int32_t n);
int32_t vm_protect(uint32_t va, uint32_t n, uint32_t rights);
void *cache_page(uint32_t *name); /* shared by all, zero; NULL: no memory */
void cache_free(void *page);

/* space.c */
int32_t space_new(struct space *s, struct proc *p);
void space_drop(struct space *s);
int32_t space_map(struct space *s, uint32_t va, uint32_t name, uint32_t bits);
/*
 * A new page there, and where we can write to it until the next; NULL: no memory. It is zero, or
 * with PAGE_DIRTY to be written over as a whole.
 */
void *space_page(struct space *s, uint32_t va, uint32_t bits, uint32_t flags);
int32_t space_copy(struct space *s); /* all of the program's memory, on write */
int32_t space_run(struct space *s, const struct frame *f);

/* exec.c */
int32_t exec_program(struct proc *p, const char *path);

/* proc.c */
struct proc *proc_new(void);
int32_t proc_fork(const struct frame *f);
void proc_end(struct proc *p, int status);
int32_t proc_wait(uint32_t status_va, uint32_t flags);
int32_t proc_kill(int pid);
void proc_kill_group(int group);
int32_t proc_info(uint32_t slot, uint32_t va);
int32_t proc_sleep(const void *channel, uint64_t until);
void proc_wakeup(const void *channel);
void proc_tick(void);
int32_t proc_sleep_ms(uint32_t ms);

/* port.c: the console, and what mini's sources ask for. */
void port_init(void);

#endif
