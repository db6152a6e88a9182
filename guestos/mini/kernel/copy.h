/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.h - the only door between the kernel and user memory. A user pointer is hostile: each
 * page is checked for the right that the copy needs. 0, or -EFAULT, or -ENOMEM.
 */
#ifndef MINI_COPY_H
#define MINI_COPY_H

#include <stdint.h>

int copy_from_user(void *dst, uint32_t src, uint32_t n);
int copy_to_user(uint32_t dst, const void *src, uint32_t n);

/* A zero-terminated string of at most size bytes; its length, or -ENAMETOOLONG. */
int copy_string_from_user(char *dst, uint32_t src, uint32_t size);

#endif
