/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - open files: what a descriptor points to. Shared by dup and fork, with one offset.
 */
#ifndef MINI_FILE_H
#define MINI_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/abi.h"
#include "spin.h"

struct pipe;
struct node;

struct file {
    uint32_t holders; /* 0: this entry of the table is free */
    uint32_t kind;    /* KIND_... in abi.h */
    bool readable, writable;
    struct pipe *pipe;
    struct node *node;
    struct spinlock lock; /* of the offset; the table's lock protects the number of holders */
    uint32_t offset;      /* in a node: where the next read or write is */
};

/* An entry of the table of open files, with one holder and the rest empty; NULL if full. */
struct file *file_alloc(void);

struct file *file_open_console(void);
int file_open(const char *name, uint32_t flags, struct file **out);

/* The two ends of a new pipe; -ENFILE or -ENOMEM leave nothing open. */
int file_open_pipe(struct file **reader, struct file **writer);

/* One holder more, one less. Both take NULL for a descriptor that is not open. */
struct file *file_share(struct file *f);
void file_close(struct file *f);

/* How many bytes went to or came from user memory; fewer than n, or an error. */
int32_t file_read(struct file *f, uint32_t va, uint32_t n);
int32_t file_write(struct file *f, uint32_t va, uint32_t n);

void file_stat(const struct file *f, struct fileinfo *info);

#endif
