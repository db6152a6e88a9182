/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mman.h - memory that is private and holds no file, from the heap. All else is refused. */
#ifndef PZ_WASM_MMAN_H
#define PZ_WASM_MMAN_H

#include <stddef.h>

#include <sys/types.h>

#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_FIXED 0x10
#define MAP_ANONYMOUS 0x20
#define MAP_NORESERVE 0x4000
#define MAP_FAILED ((void *)-1)
#define MFD_CLOEXEC 1

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);
int munmap(void *at, size_t len);
int memfd_create(const char *name, unsigned flags);

#endif
