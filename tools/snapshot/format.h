/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - what a snapshot is: its sections, in a file and as read. A line that identifies the
 * file, then sections, which are frames as in a recording (tools/travel/recording_file.h):
 *
 *    "pz-saved 4\n"  head  stor  turn  (vmst inpt netq)*  rcrd  past*  page*  list  indx*  done
 *    tail
 *
 *    head   the machine: options, what identifies its kernels, what is on its disks
 *    stor   how many pages are stored here, and which file has the others, the base
 *    turn   whose turn it is
 *    vmst   a VM's registers and devices (state.h)
 *    inpt   what it has not read yet of its console's input
 *    netq   what its network card's side of the host has (tools/host/net.h)
 *    rcrd   where its recording stands (tools/travel/recorder.h), or null
 *    past   what was recorded so far, up to 1 MiB of it
 *    page   up to 8 pages, none of them zero, no two in the file equal
 *    list   where each `page` is
 *    indx   of a VM: which of these pages is where in its memory; the others are zero
 *    done   a hash of all that guests can see
 *    tail   where `list` is: whoever begins here need not read the pages
 */
#ifndef PZ_TOOLS_SNAPSHOT_FORMAT_H
#define PZ_TOOLS_SNAPSHOT_FORMAT_H

#include "tools/host/host.h"
#include "tools/travel/travel.h"

#define SNAPSHOT_MAGIC "pz-saved 4\n"
#define SNAPSHOT_BASES 16u /* of which each is the next one's */

#define SECTION_STORED "stor"
#define SECTION_TURN "turn"
#define SECTION_VM "vmst"
#define SECTION_INPUT "inpt"
#define SECTION_NET "netq"
#define SECTION_RECORDER "rcrd"
#define SECTION_PAST "past"
#define SECTION_LIST "list"
#define SECTION_TAIL "tail"

#define SECTION_PAST_MOST (1u << 20)
#define SECTION_PLACE 8u /* bytes of an offset */
#define PAGES_GROUP 8u   /* in one frame */
#define PAGES_FRAME "page"
#define PAGES_INDEX "indx"
#define PAGES_ROW 8u /* bytes of a row in the file */

/*
 * A page of a VM, and where its bytes are: the number of a page in the file; what is beyond these
 * are the base's.
 */
struct pages_row {
    uint32_t page; /* guest-physical, from the beginning of its RAM */
    uint32_t stored;
    bool used; /* its shadow mapped it when it was saved */
};

struct pages_rows {
    struct pages_row *at;
    size_t count;
};

/* What a file has of a VM. */
struct snapshot_vm {
    json_t *fields;   /* state.h, and of its input */
    size_t fields_at; /* in the file, for problems */
    struct input_rest input;
    uint8_t *net; /* of its network card */
    size_t net_len;
    struct pages_rows rows;
};

/* A snapshot that has been opened, and checked but for its pages. */
struct snapshot_file {
    struct recording head; /* of which options, VMs and hashes count */
    struct frames frames;
    char *path;
    bool lazily;     /* snapshot_restore() leaves pages here until they are touched */
    uint32_t stored; /* pages in this file... */
    uint32_t total;  /* ...and in those that it is based on, too */
    size_t *places;  /* of each `page` */
    struct snapshot_file *base; /* NULL: none */
    json_t *turn;
    size_t turn_at;
    json_t *recorder; /* null: the machine was not recorded */
    uint8_t *past;    /* what was recorded; NULL: nothing */
    size_t past_len;
    struct snapshot_vm *vms; /* as many as head.count */
    uint64_t hash;           /* of all that guests can see... */
    size_t done_at;          /* ...and where it is */
    uint64_t id;             /* of files with the same, equal numbers are equal pages */
    struct fetch *fetch;     /* what is still to come of it; NULL: nothing */
    uint64_t opened, worked; /* host time, and what this thread had worked */
};

/* A row of an index, out of the file; and into it. */
struct pages_row format_row(const uint8_t *bytes);
void format_put_row(uint8_t *bytes, const struct pages_row *row);

/* The problem of a section that was read before. */
enum pz_err format_damaged(struct snapshot_file *file, const char *section, size_t at,
                           const char *what, struct problem *problem);

#endif
