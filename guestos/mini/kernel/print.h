/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.h - what the kernel says on the console.
 */
#ifndef MINI_PRINT_H
#define MINI_PRINT_H

#include <stdint.h>

/* What a program or the terminal has to say; n bytes that stay together. */
void print_text(const char *text, uint32_t n);

/* A line or a part of one; what one call prints stays together. */
void printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
