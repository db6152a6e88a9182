/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paging.h - exercise 21: an application's pages, and the pager that its library has for them.
 * Frames are pages of memory by their physical names; the kernel's calls are in exo/call.h:
 *
 *   exo_page_alloc(NONE, 0)            a frame, all zero: its name; negative: there is no more
 *   exo_page_free(name)                one that is mapped nowhere is given back
 *   exo_map(SELF, va, name, bits)      enter it at va, with MAP_R, MAP_W, MAP_A and MAP_D
 *   exo_map(SELF, va, NONE, 0)         nothing is at va; a frame that was only there is free
 *   exo_disk_transfer(block, name, 1)  the frame to the disk;  0: from there
 */
#ifndef COURSE_PAGING_H
#define COURSE_PAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exo/call.h"

#define PAGE 4096u
#define WINDOW 0x40000000u /* where the application's pages are: page n is n pages behind it */

enum {
    PAGES = 16, /* of the application */
    FRAMES = 4, /* that the library has for them, at first */
};

/* The disk's block for page n. What is in it at first is whatever somebody left there. */
uint32_t paging_block(uint32_t n);

/*
 * The student's. The page at this address has been accessed, to be written to or not, and was
 * not mapped, or not with that right. The access is tried again afterwards.
 */
void pager_fault(uint32_t address, bool write);

/* The student's, too. The kernel revokes frames: so many are to be free when this returns. */
void pager_give_back(uint32_t frames);

#endif
