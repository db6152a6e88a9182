/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usertests.h - what the tests share. A test is a function that runs in a process of its own
 * and returns if all is well; CHECK ends it if not. It must leave nothing behind: main.c
 * compares the kernel's free pages.
 */
#ifndef COMMON_USERTESTS_H
#define COMMON_USERTESTS_H

#include "user.h"

enum {
    PAGE = 4096,
    KERNEL = (int)0xc0000000,      /* the kernel's half starts here */
    UNMAPPED = (int)0x80000000,    /* far from heap and stack */
    STACK_GUARD = (int)0xbffef000, /* the page under the stack */
    LAST_PAGE = (int)0xfffff000,
};

#define TEST(name) void test_##name(void);
#include "tests.def"
#undef TEST

#define CHECK(condition) check(condition, #condition, __FILE_NAME__, __LINE__)

/* End this process with a message, unless good. */
void check(bool good, const char *what, const char *file, int line);

/* Run body in a child and give the status it ended with; it exits with 0 if it returns. */
int run_child(void (*body)(void));

/* Fork; the child runs body. The parent gets the pid, and the test ends if there is none. */
int start_child(void (*body)(void));

/* The status of this child, which must end before any other. */
int wait_child(int pid);

/* Run body in a child which the kernel must kill. */
void check_killed(void (*body)(void));

uint32_t free_pages(void);

/* n more pages of heap, not touched yet. */
char *grow(uint32_t pages);

/* Spin until the clock ticks: little is left to do before the next one. */
void wait_for_tick(void);

/* Leave exactly n pages for everybody: hold the rest until this process ends. */
void leave_pages(uint32_t n);

/* A pointer that is none, hidden from the compiler's warnings. */
static inline void *pointer(uint32_t address)
{
    asm volatile("" : "+r"(address));
    return (void *)address;
}

/* Addresses that no program may read, ended by a zero; and at least these it may not write. */
extern const uint32_t unreadable[];
extern const uint32_t unwritable[];

#endif
