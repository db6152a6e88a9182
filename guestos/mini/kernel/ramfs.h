/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ramfs.h - the file system: one flat directory, in memory. Its read-only files are the
 * programs that came with the kernel image; a writable file lives until it is removed or power
 * goes off.
 */
#ifndef MINI_RAMFS_H
#define MINI_RAMFS_H

#include <stdint.h>

#include "common/abi.h"

struct node;

void ramfs_init(void);

/*
 * By name, a leading / ignored. open and close count: a removed file stays readable until its
 * last close, so only who has opened a node may use it.
 */
int ramfs_open(const char *name, uint32_t flags, struct node **out);
void ramfs_close(struct node *n);
int ramfs_unlink(const char *name);

uint32_t ramfs_size(const struct node *n);
void ramfs_stat(const struct node *n, struct fileinfo *info);
int ramfs_entry(uint32_t slot, struct fileinfo *info);

/* How many bytes there were, up to size; into kernel memory, or into user memory. */
uint32_t ramfs_read(const struct node *n, uint32_t offset, void *dst, uint32_t size);
int32_t ramfs_read_to_user(const struct node *n, uint32_t offset, uint32_t va, uint32_t size);
int32_t ramfs_write_from_user(struct node *n, uint32_t offset, uint32_t va, uint32_t size);

#endif
