/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.h - between the process server's parts: proc.c has the messages, process.c who is whose
 * child and how each ends, files.c descriptors, pipe.c pipes, load.c programs.
 */
#ifndef MICRO_PROC_H
#define MICRO_PROC_H

#include "server.h"

enum { CLIENT_SLOT = 32 }; /* and up: the reply capability of each process that waits */

enum process_state { FREE, LIVE, ZOMBIE };

/* What a process waits for; CONSOLE only until it calls again: the console answers it. */
enum blocked { NOTHING, CHILD, CLOCK, PIPE_DATA, PIPE_ROOM, CONSOLE };

struct process {
    int32_t pid, parent, group;
    enum process_state state;
    uint32_t status;
    char name[NAME_SIZE];
    struct open *fds[MAX_FDS];
    enum blocked blocked;
    uint32_t flags;    /* CHILD: of wait */
    uint32_t wake_at;  /* CLOCK: which tick */
    struct pipe *pipe; /* PIPE_DATA, PIPE_ROOM, with how much, and how much is done */
    uint32_t size, done;
};

extern struct process processes[MAX_PROCESSES];

/* The answer to a call is one of these, or its result. */
enum { NO_ANSWER = INT32_MIN, LATER };

static inline uint32_t index_of(const struct process *p)
{
    return (uint32_t)(p - processes);
}

/* proc.c. */
int32_t block(struct process *p, enum blocked why); /* gives LATER; the reply is ours to give */
void answer(struct process *p, int32_t result, uint32_t word);
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* on the console */

/* process.c. */
struct process *process_new(void);
struct process *process_find(int32_t pid);
int32_t process_fork(struct process *p);
void process_end(struct process *p, uint32_t status);
int32_t process_wait(struct process *p, uint32_t flags, uint32_t *status);
int32_t process_kill(struct process *p, int32_t pid);
void process_kill_group(int32_t group);
int32_t process_info(const struct process *asks, uint32_t slot);
void process_bury(void); /* whom the pager gave up */
void process_start_first(const char *command);

/* files.c. */
int32_t files_open(struct process *p, uint32_t flags);
int32_t files_open_console(struct process *p);
int32_t files_close(struct process *p, uint32_t fd);
int32_t files_read(struct process *p, uint32_t fd, uint32_t n);
int32_t files_write(struct process *p, uint32_t fd, uint32_t n);
int32_t files_dup(struct process *p, uint32_t fd);
int32_t files_pipe(struct process *p, uint32_t *second);
int32_t files_stat(const struct process *p, uint32_t fd);
void files_inherit(struct process *p);
void files_close_all(struct process *p);

/* pipe.c. */
struct pipe *pipe_new(void);
void pipe_close(struct pipe *q, bool writer);
int32_t pipe_read(struct process *p, struct pipe *q, uint32_t n);
int32_t pipe_write(struct process *p, struct pipe *q, uint32_t n);

/* load.c: the name is in the letter, or is given; arguments one after the other. */
int32_t load_program(struct process *p, const char *name, const char *args, uint32_t count,
                     uint32_t size);

void server_main(uint32_t lives);

#endif
