/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults.c - faults [PAGES]: what a page fault costs: of a page that the system supplies when it
 * is first touched; and, where programs may handle faults of their own, of one that was
 * protected and is opened by the handler (Appel & Li, ASPLOS 1991: "trap" and "appel1").
 */
#include "user.h"

enum { DEFAULT_PAGES = 64, PAGE = 4096 };

static uint32_t handled;

/* Opens the page, so that the access works when it is tried again. */
static void open_page(void *address)
{
    handled++;
    protect((void *)((uintptr_t)address & ~(uintptr_t)(PAGE - 1)), 1, PROT_READ | PROT_WRITE);
}

static void touch(char *memory, uint32_t pages, char value)
{
    for (uint32_t i = 0; i < pages; i++)
        *(volatile char *)(memory + i * PAGE) = value;
}

static uint32_t count_other(const char *memory, uint32_t pages, char value)
{
    uint32_t other = 0;

    for (uint32_t i = 0; i < pages; i++)
        other += memory[i * PAGE] != value;
    return other;
}

static int handle_own(char *memory, uint32_t pages)
{
    int error = on_fault(open_page);

    if (error == -ENOSYS) {
        printf("faults: programs cannot handle faults here\n");
        return 0;
    }
    if (error < 0 || protect(memory, pages, PROT_READ) < 0)
        return 1;
    measure_start();
    touch(memory, pages, 2);
    measure_report("own handler", pages);
    printf("faults: %u handled\n", handled);
    return handled != pages || count_other(memory, pages, 2) != 0;
}

int main(int argc, char **argv)
{
    uint32_t pages = number_argument(argc, argv, DEFAULT_PAGES);
    char *memory;

    if (pages == 0 || pages > INT32_MAX / PAGE)
        return 2;
    memory = sbrk((int)(pages * PAGE));
    if (is_error(memory)) {
        dprintf(2, "faults: out of memory\n");
        return 1;
    }
    measure_start();
    touch(memory, pages, 1);
    measure_report("first touch", pages);
    return count_other(memory, pages, 1) != 0 || handle_own(memory, pages);
}
