/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exo.h - what the kernel and its libraries agree on, besides the save page (save.h).
 *
 * Pages of memory, disk blocks and slices of the CPU have their physical names: numbers. A group
 * is a library system: its environments trust each other, and nobody else. What is bound to a
 * group (a page, a block, a slice) is so in a table of the kernel's; there is nothing to forge.
 *
 * A call: number EXO_CALLS + n in a7, arguments from a0 on, result in a0. Negative: an error of
 * common/abi.h. -EPERM: not bound to your group; -EINVAL: no such thing; -ENOMEM: quota.
 */
#ifndef EXO_EXO_H
#define EXO_EXO_H

#include <stdint.h>

#include "common/abi.h"
#include "exo/save.h"

enum {
    GROUPS = 8,
    ENVS = 128,
    SLOTS = 128, /* of the vector of slices */
    DISK_BLOCKS = 4096,
    FILTER_OPS = 16,   /* of one filter */
    PACKET_SIZE = 128, /* bytes */
    PACKET_QUEUE = 8,  /* packets that wait for one environment */
    REPOSSESSED = 64,  /* entries of a repossession vector */
    ARGUMENTS_SIZE = 256,
};

#define NONE 0xffffffffu /* no page, any page, any slot, nobody in particular */
#define SELF 0u          /* an environment's own name for itself */
#define EVERYBODY 0xfeu  /* page_share() with all groups */
#define BOOT_GROUP 0u
#define BLOCK_SIZE 4096u

/*
 * Bits of map(): those of Sv32. W only with R. A, D and the two bits left to software are the
 * library's to set as it likes; V and U the kernel sets.
 */
enum {
    MAP_R = 0x002,
    MAP_W = 0x004,
    MAP_X = 0x008,
    MAP_A = 0x040,
    MAP_D = 0x080,
    MAP_SOFT1 = 0x100,
    MAP_SOFT2 = 0x200,
    MAP_KEEP = 0x400, /* not of Sv32: the page stays held though it is mapped now */
};

enum { PAGE_DIRTY = 1 }; /* page_alloc(): need not be zero, if it was this group's before */

/* One row of the owner table, which everybody can read. */
enum page_type { PAGE_FREE, PAGE_KERNEL, PAGE_USER, PAGE_TABLE, PAGE_ROOT, PAGE_SAVE };

struct page {
    uint8_t type;
    uint8_t group; /* whose it is; if free, whose it was */
    uint8_t held;  /* stays though nobody maps it */
    uint8_t shared_rights;
    uint8_t shared_group;
    uint8_t reserved[3];
    uint16_t maps; /* leaf entries that name it */
    uint16_t
        installs; /* roots that it is a table of; or the environment whose root or save page */
    uint16_t next, previous;
};

/* What the kernel tells everybody, on the info page. Writable by nobody else. */
struct group_info {
    uint32_t alive;
    uint32_t parent;
    uint32_t pages, pages_limit;
    uint32_t slices, slices_limit;
    uint32_t environments;
    uint32_t revoke_target; /* pages_limit, once the deadline is over */
    uint32_t repossessed;   /* pages that were taken by force, the last ones below */
    uint32_t taken[REPOSSESSED];
};

struct exo_info {
    uint32_t first_page, pages, free_pages; /* the name of the first, and how many there are */
    uint32_t archive_page, archive_pages;   /* the files: one group's, readable by all */
    uint32_t info_page;
    uint32_t owner_page, owner_pages; /* struct page, by name */
    uint32_t timebase;                /* of the time CSR, which programs can read */
    uint32_t disk_blocks;
    struct group_info group[GROUPS];
    char arguments[ARGUMENTS_SIZE];
};

/* The archive: a directory of these, the last without a name; files begin on pages. */
struct archive_file {
    char name[NAME_SIZE];
    uint32_t offset, size;
};

/* Where the kernel puts what the first environment starts with. */
#define BOOT_TEXT 0x00010000u
#define BOOT_STACK 0x00200000u /* its end */
#define BOOT_SAVE 0x00300000u
#define BOOT_INFO 0x00301000u
#define BOOT_ARCHIVE 0x00800000u

/*
 * A filter: operations on the packet's 32-bit words, all of which must hold. The kernel checks
 * each when it is installed; there are no jumps, so a filter takes FILTER_OPS steps at most.
 */
enum filter_kind { FILTER_EQUAL, FILTER_LESS, FILTER_GREATER };

struct filter_op {
    uint8_t kind;
    uint8_t word; /* below PACKET_SIZE / 4 */
    uint16_t reserved;
    uint32_t mask, value;
};

#endif
