/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * panic.h - the kernel's last words.
 */
#ifndef MINI_PANIC_H
#define MINI_PANIC_H

/* The kernel is wrong, or cannot go on: say why and switch the computer off as failed. */
_Noreturn void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
