/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.c - copies between the kernel and the current process, page by page, through the
 * kernel's own mapping of each page. SUM stays 0: the kernel never uses a user address as a
 * pointer.
 */
#include "copy.h"

#include "fault.h"
#include "memlayout.h"
#include "proc.h"
#include "string.h"
#include "vm.h"

static uint32_t left_in_page(uint32_t va)
{
    return PAGE_SIZE - va % PAGE_SIZE;
}

/* The kernel's address of a user byte, once it is known to be there with that right. */
static int user_byte(uint32_t va, uint32_t right, char **byte)
{
    int error = fault_resolve(va, right);

    if (error == 0)
        *byte = (char *)pte_page(*vm_find(current->root, va)) + va % PAGE_SIZE;
    return error;
}

/* A copy that would wrap past the top of memory meets USER_TOP first, and stops there. */
int copy_from_user(void *dst, uint32_t src, uint32_t n)
{
    char *to = dst;

    while (n > 0) {
        uint32_t part = n < left_in_page(src) ? n : left_in_page(src);
        char *from;
        int error = user_byte(src, PTE_R, &from);

        if (error < 0)
            return error;
        memcpy(to, from, part);
        to += part, src += part, n -= part;
    }
    return 0;
}

int copy_to_user(uint32_t dst, const void *src, uint32_t n)
{
    const char *from = src;

    while (n > 0) {
        uint32_t part = n < left_in_page(dst) ? n : left_in_page(dst);
        char *to;
        int error = user_byte(dst, PTE_W, &to);

        if (error < 0)
            return error;
        memcpy(to, from, part);
        from += part, dst += part, n -= part;
    }
    return 0;
}

int copy_string_from_user(char *dst, uint32_t src, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        int error = copy_from_user(dst + i, src + i, 1);

        if (error < 0)
            return error;
        if (dst[i] == '\0')
            return (int)i;
    }
    return -ENAMETOOLONG;
}
