/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - assembling a machine that runs guests: host memory, an engine, and on it either the
 * monitor with its VMs or the bare board. Its consoles are left to session.c.
 */
#ifndef PZ_TOOLS_HOST_MACHINE_H
#define PZ_TOOLS_HOST_MACHINE_H

#include "tools/host/devices.h"
#include "tools/host/engines.h"
#include "tools/host/image.h"
#include "tools/host/options.h"
#include "tools/host/pagefile.h"
#include "vmm/board/bare.h"
#include "vmm/vmm.h"

/* Memory that the host gives page by page, when it is touched. */
struct machine_ram {
    uint8_t *bytes;
    uint64_t size;
    bool lent; /* part of a struct machine_memory */
};

/* Host memory for machines, for callers that share it with another process. */
struct machine_memory {
    uint8_t *at; /* page-aligned; what is left */
    size_t room;
};

/* Zeroed pages of it; NULL: there is no room. Nothing is ever given back. */
void *machine_memory_take(struct machine_memory *memory, size_t size);

/* What `options` does not say: how the machine is connected to the world. */
struct machine_hosts {
    struct vmm_host vmm;
    const struct board_host *boards; /* one for each VM */
    enum disk_keep keep;             /* what is written to disks */
    bool arrives;     /* RAM arrives from elsewhere; disks wait for machine_take_disks() */
    bool unannounced; /* guests are not told of hypercalls: a bare machine does the same */
    bool unloaded;    /* memory stays empty: what was saved comes there */
};

/* The monitor on a machine, and its VMs, each with its kernel loaded and ready to run. */
struct machine {
    struct machine_ram ram;
    struct pagefile pagefile;
    struct engines_one engine;
    struct vmm vmm;
    struct machine_ram vms_memory;
    struct vm *vms;       /* in it */
    struct image *images; /* of VM k: image_of[k] */
    unsigned image_count;
    unsigned *image_of;
    struct image_set *sets;  /* what VM k starts with, again and again */
    unsigned count;          /* VMs */
    bool unloaded;           /* they have nothing in their memory yet */
    uint64_t before;         /* instructions that they had retired when they were restored */
    struct devices *devices; /* of each that there is to be: so many */
    unsigned slots;

    /* Of VMs that have been released: the pages that they had, by kind, and all of them. */
    uint32_t (*left)[PAGE_KINDS + 1];
};

/* The bare computer. */
struct machine_bare {
    struct machine_ram ram;
    struct engines_one engine;
    struct bare bare;
    struct image image;
    struct image_set set;
    struct devices devices;
};

/* To be closed whatever comes back. The machine must not move. */
enum pz_err machine_open(struct machine *machine, const struct options *options,
                         const struct engines_kind *kind, const struct machine_hosts *hosts,
                         struct problem *problem) PZ_MUST_CHECK;
void machine_close(struct machine *machine);

/* Instructions in a turn, where nothing else is asked for, on a machine with so many VMs. */
uint64_t machine_slice(unsigned vms);

/*
 * VM `k` has ended: its memory is for others now. What it was and did is still there in
 * machine->vms[k], but nothing of its memory.
 */
void machine_release(struct machine *machine, unsigned k);
bool machine_released(const struct machine *machine, unsigned k);

/*
 * Machine pages that VM `k` has, or had at its end; of one kind or, with PAGE_KINDS, all. Of
 * PAGE_SHARED: the pages of its RAM that are shared ones, which count for nobody otherwise.
 */
uint32_t machine_pages(const struct machine *machine, unsigned k, enum page_kind kind);

/* The same for the bare computer; `vm` chooses kernel and command line out of the options. */
enum pz_err machine_bare_open(struct machine_bare *machine, const struct options *options,
                              const struct engines_kind *kind, unsigned vm,
                              const struct board_host *host,
                              struct problem *problem) PZ_MUST_CHECK;
void machine_bare_close(struct machine_bare *machine);

/*
 * The run is over: all that guests have written to disks is brought to their files, which are then
 * closed. Closing a machine does that too, but does not say when it fails.
 */
enum pz_err machine_finish(struct machine *machine, struct problem *problem) PZ_MUST_CHECK;
enum pz_err machine_bare_finish(struct machine_bare *machine,
                                struct problem *problem) PZ_MUST_CHECK;

/* Its disks are this process's; or another's. False: errno says why. */
enum pz_err machine_take_disks(struct machine *machine, struct problem *problem) PZ_MUST_CHECK;
bool machine_yield_disks(struct machine *machine) PZ_MUST_CHECK;

/* What machine `k` would start with: kernel, and what goes with it. To be freed. */
enum pz_err machine_gather(const struct options *options, unsigned k, struct image *image,
                           struct image_set *set, struct problem *problem) PZ_MUST_CHECK;

/* The device tree that machine `k` would have of us, to be freed by the caller. */
enum pz_err machine_tree(const struct options *options, unsigned k, uint8_t **tree, size_t *len,
                         struct problem *problem) PZ_MUST_CHECK;

/* --dtb dump: write that of the first machine to standard output, and nothing else. */
enum pz_err machine_dump_tree(const struct options *options,
                              struct problem *problem) PZ_MUST_CHECK;
bool machine_dumps_tree(const struct options *options);

/* The number of a VM on the command line, from the monitor's. */
unsigned machine_index(const struct machine *machine, const struct vm *vm);

/* The kernel of VM `k`. */
const struct image *machine_image(const struct machine *machine, unsigned k);

/* Nanoseconds of a host clock that only goes forward. */
uint64_t machine_clock(void *unused);

/* Nanoseconds that the calling thread has worked: what something takes on a busy host, too. */
uint64_t machine_work(void);

#endif
