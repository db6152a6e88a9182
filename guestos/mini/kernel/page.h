/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - physical pages: who may have one, how many hold each, and how many are left. Nothing
 * else in the kernel hands out memory. Pages are named by the kernel's address for them.
 */
#ifndef MINI_PAGE_H
#define MINI_PAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Give out everything from the end of the kernel image to ram_end, a physical address. */
void page_init(uint32_t ram_end);

/* A page with one holder, or NULL. Its contents are undefined, or zero. */
void *page_alloc(void);
void *page_alloc_zeroed(void);

/*
 * A page that somebody else uses until it is returned: NULL if fewer than `least` would be free. It
 * still counts as available: relieve() is asked to return some when no other is free, and says
 * whether it has. The caller of page_alloc may have any lock before LOCK_BALLOON.
 */
void *page_lend(uint32_t least);
void page_return(void *page);
void page_on_shortage(bool (*relieve)(void));

/* One more holder; one holder less: the last one frees the page. */
void page_share(void *page);
void page_free(void *page);
bool page_is_shared(const void *page);

/* A page that is free now, or NULL. */
void *page_alloc_free(void);

/* Pages that page_alloc could still give, and that it could give were all free. */
uint32_t page_available(void);
uint32_t page_total(void);

/* Withhold n pages from page_alloc, without naming which; and take that back. */
bool page_hold(uint32_t n);
void page_unhold(uint32_t n);

#endif
