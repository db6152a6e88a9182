/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording.h - all input of a run: its options and kernels, what was typed and when the guest read
 * it, and, at a terminal, how far the guests were allowed to run. With it the run
 * repeats exactly; hashes on the way tell when it does not. Writing one during a run is
 * left to recorder.h, the file's frames to recording_file.h.
 */
#ifndef PZ_TOOLS_TRAVEL_RECORDING_H
#define PZ_TOOLS_TRAVEL_RECORDING_H

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/travel/packets.h"

/* The lists of a recording. Rows hold nothing but 64-bit numbers, under fixed names in the file. */
enum recording_kind {
    RECORDING_INPUTS,
    RECORDING_HORIZONS,
    RECORDING_PAUSES,
    RECORDING_CHECKS,
    RECORDING_KINDS,
};

/*
 * A byte that a guest has read. Guests poll for input: `poll` is the number of the poll that
 * got the byte, and so says exactly when; `retired` is the count at that time, for comparison.
 * RECORDING_ENDED: the guest was told that there would be no more.
 */
#define RECORDING_ENDED 256u
struct recording_input {
    uint64_t vm, poll, retired, byte;
};

/*
 * How far guests may go in one turn (struct vmm's horizon). In turns that are not listed: any
 * distance.
 */
struct recording_horizon {
    uint64_t turn, horizon;
};

/* A VM was paused, or resumed, before a turn. */
struct recording_pause {
    uint64_t turn, vm, paused;
};

/*
 * The hash of the state (statehash.h) after so many turns and so many instructions of all VMs.
 */
struct recording_check {
    uint64_t turn, retired, hash;
};

struct recording_list {
    uint64_t *at;
    size_t count, room; /* rows */
};

/* What identifies a VM's kernel, and how its run came out. */
struct recording_vm {
    char *path; /* NULL: the bundled one */
    char *append;
    uint64_t kernel_hash;
    uint64_t console_bytes, console_hash;
};

struct recording {
    struct options options; /* as for machine_open() */
    char *engine;
    struct recording_vm *vms;
    unsigned count;
    struct recording_list lists[RECORDING_KINDS];
    struct packets packets;
    char **words; /* the words of the options for disks, networks and other files */
    unsigned word_count;
    uint64_t files_hash;   /* recording_files_hash() */
    uint64_t *disk_hashes; /* contents of the disks at the beginning, VM by VM */
    unsigned disk_count;
    uint64_t turns;     /* how many there were; UINT64_MAX: unknown */
    char *part_source;  /* the file whose parts replaced the monitor's; NULL: none */
    uint64_t part_hash; /* of its bytes */
};

/* Does the file begin like a recording, of any version? */
bool recording_is(const char *path);

/*
 * The head of a recording, as fields: the options of a machine, what identifies its kernels,
 * and the present contents of its disks. NULL: no memory, or a disk cannot be read.
 */
json_t *recording_head(const struct options *options, struct machine *machine);

/*
 * Read these fields. `recording` is cleared first, and must be closed whatever the result.
 * False: a field is missing or wrong.
 */
bool recording_head_read(struct recording *recording, const json_t *head) PZ_MUST_CHECK;

/*
 * Read and check a whole file. A damaged or unfinished one is refused, with the offset.
 * `recording` must be closed whatever the result.
 */
enum pz_err recording_open(struct recording *recording, const char *path,
                           struct problem *problem) PZ_MUST_CHECK;
void recording_close(struct recording *recording);

/*
 * One hash of the other files that were loaded: initial RAM disks and a device tree. 0: there
 * are none, or one cannot be read.
 */
uint64_t recording_files_hash(const struct options *options);

/*
 * Are these files, and the kernels of a machine that is made from the options, those of the
 * recording?
 */
enum pz_err recording_kernels_same(const struct recording *recording,
                                   const struct machine *machine,
                                   struct problem *problem) PZ_MUST_CHECK;

/* Do the disks of such a machine have the same contents as then? */
enum pz_err recording_disks_same(const struct recording *recording, struct machine *machine,
                                 struct problem *problem) PZ_MUST_CHECK;

/* The number of columns of a list, their names, and the name of the list. */
unsigned recording_columns(enum recording_kind kind);
const char *recording_column(enum recording_kind kind, unsigned column);
const char *recording_list_name(enum recording_kind kind);

/* Append one row. False: no memory. */
bool recording_add(struct recording_list *list, enum recording_kind kind,
                   const void *row) PZ_MUST_CHECK;

/* The rows, as what they are. */
static inline const struct recording_input *recording_inputs(const struct recording_list *list)
{
    return (const struct recording_input *)(const void *)list->at;
}

static inline const struct recording_check *recording_checks(const struct recording_list *list)
{
    return (const struct recording_check *)(const void *)list->at;
}

/* The first row whose first column (a turn) is at least `turn`. */
size_t recording_find(const struct recording_list *list, enum recording_kind kind,
                      uint64_t turn);

/* The horizon of a turn; VMM_NO_HORIZON if it has none. */
uint64_t recording_horizon(const struct recording *recording, uint64_t turn);

#endif
