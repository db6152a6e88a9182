/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options_values.h - the values of all options. The meaning of each is defined here once, for all
 * commands.
 */
#ifndef PZ_TOOLS_HOST_OPTIONS_VALUES_H
#define PZ_TOOLS_HOST_OPTIONS_VALUES_H

#include <stdio.h>

#include "tools/base/base.h"
#include "vmm/vmm.h"

#define OPTIONS_SLICES 16u
#define OPTIONS_RUNS_MOST 99u
#define OPTIONS_STEPS_MOST 99u
#define OPTIONS_DEPTH_MOST 3u
#define OPTIONS_THREADS_MOST 64u
#define OPTIONS_MEM_DEFAULT (16u << 20)
#define OPTIONS_MEM_VIRT (128u << 20) /* as QEMU gives its virt machine */
#define OPTIONS_PROFILE_DEFAULT 6199u /* in step with no loop and no turns: test_profile.c */
#define OPTIONS_PROFILE_LEAST 100u
#define OPTIONS_ANY_VM VMM_VMS
#define OPTIONS_DUMP "dump" /* --dtb: write the tree, and run nothing */

/* Sets of options: a command names the sets that it takes, the table the sets an option is in. */
typedef uint64_t options_sets;
#define OPTIONS_SET(n) (UINT64_C(1) << (n))
#define OPTIONS_RUN OPTIONS_SET(0)
#define OPTIONS_BARE OPTIONS_SET(1)
#define OPTIONS_VERIFY OPTIONS_SET(2)
#define OPTIONS_MAP OPTIONS_SET(3)
#define OPTIONS_PLAIN OPTIONS_SET(4) /* commands that run no guest */
#define OPTIONS_BENCH OPTIONS_SET(5) /* guests of its own */
#define OPTIONS_DEBUG OPTIONS_SET(6)
#define OPTIONS_REPLAY OPTIONS_SET(7) /* a recording instead of kernels */
#define OPTIONS_TRACE OPTIONS_SET(8)  /* a trace instead of kernels */
#define OPTIONS_TUTORIAL OPTIONS_SET(9)
#define OPTIONS_TRANSLATE OPTIONS_SET(10)
#define OPTIONS_GRADE OPTIONS_SET(11) /* an exercise, and files of a student's */
#define OPTIONS_CLASSIFY OPTIONS_SET(12)
#define OPTIONS_HELP OPTIONS_SET(13)
#define OPTIONS_DISK OPTIONS_SET(14) /* what to do, and a disk's file */
#define OPTIONS_NEW OPTIONS_SET(15)  /* a folder to create */
#define OPTIONS_DIFF OPTIONS_SET(16) /* two recordings */
#define OPTIONS_BISECT OPTIONS_SET(17)
#define OPTIONS_DAP OPTIONS_SET(18) /* the client says what runs */
#define OPTIONS_COMPARE OPTIONS_SET(19)
#define OPTIONS_IMAGE OPTIONS_SET(20) /* what is packed, for a monitor that runs elsewhere */
#define OPTIONS_NEST OPTIONS_SET(21)
#define OPTIONS_RESTORE OPTIONS_SET(22) /* a snapshot instead of kernels */
#define OPTIONS_LIST OPTIONS_SET(23)    /* the runs that have a name */
#define OPTIONS_CLONE OPTIONS_SET(24)   /* a snapshot, or the name of a run */
#define OPTIONS_RECEIVE OPTIONS_SET(25) /* where a machine is to arrive */
#define OPTIONS_WEB OPTIONS_SET(26)     /* a page says what runs */
#define OPTIONS_REPORT OPTIONS_SET(27)  /* kernels, a recording, or results of pz grade */
#define OPTIONS_ASM OPTIONS_SET(28)     /* a source file */
#define OPTIONS_ZOO OPTIONS_SET(29)     /* a term of the taxonomy */
#define OPTIONS_CHANGE OPTIONS_SET(30)  /* pause, resume, kill, set: the name of a run */
#define OPTIONS_SAVE OPTIONS_SET(31)    /* likewise */
#define OPTIONS_MIGRATE OPTIONS_SET(32)
#define OPTIONS_STATS OPTIONS_SET(33)
#define OPTIONS_STOP OPTIONS_SET(34)
#define OPTIONS_CONSOLE OPTIONS_SET(35)
/* What a run with a name can be asked. */
#define OPTIONS_CONTROL                                                                        \
    (OPTIONS_LIST | OPTIONS_CHANGE | OPTIONS_SAVE | OPTIONS_MIGRATE | OPTIONS_STATS |          \
     OPTIONS_STOP | OPTIONS_CONSOLE)
#define OPTIONS_GUEST (OPTIONS_MONITOR | OPTIONS_BARE | OPTIONS_COMPARE)
/* What a kernel of the user's needs. */
#define OPTIONS_KERNEL (OPTIONS_GUEST | OPTIONS_BENCH | OPTIONS_IMAGE | OPTIONS_NEST)
#define OPTIONS_MONITOR                                                                        \
    (OPTIONS_RUN | OPTIONS_VERIFY | OPTIONS_MAP | OPTIONS_DEBUG | OPTIONS_BISECT |             \
     OPTIONS_REPORT)
#define OPTIONS_TRAVEL (OPTIONS_DEBUG | OPTIONS_DIFF | OPTIONS_BISECT) /* back, too */
#define OPTIONS_ALL                                                                            \
    (OPTIONS_GUEST | OPTIONS_REPLAY | OPTIONS_DIFF | OPTIONS_TRACE | OPTIONS_TRANSLATE |       \
     OPTIONS_NONE | OPTIONS_BENCH | OPTIONS_GRADE | OPTIONS_DISK | OPTIONS_NEW |               \
     OPTIONS_IMAGE | OPTIONS_NEST | OPTIONS_SAVED | OPTIONS_CONTROL | OPTIONS_ASM |            \
     OPTIONS_ZOO)
#define OPTIONS_NONE                                                                           \
    (OPTIONS_PLAIN | OPTIONS_CLASSIFY | OPTIONS_TUTORIAL | OPTIONS_HELP | OPTIONS_DAP |        \
     OPTIONS_WEB)                                       /* no kernel */
#define OPTIONS_SAVED (OPTIONS_RESTORE | OPTIONS_CLONE) /* the machine is a snapshot's */
#define OPTIONS_FILE (OPTIONS_REPLAY | OPTIONS_TRACE | OPTIONS_DIFF | OPTIONS_SAVED)
#define OPTIONS_LIVE (OPTIONS_RUN | OPTIONS_SAVED) /* VMs, with consoles */
#define OPTIONS_ONE                                                                            \
    (OPTIONS_BARE | OPTIONS_VERIFY | OPTIONS_TRANSLATE | OPTIONS_BENCH) /* kernel at the most */
/* The engines need the last page of the machine's 4 GiB for themselves. */
#define OPTIONS_RAM_END ((1ull << 32) - PAGE_SIZE)

/* What the numbers of a profile count. */
enum profile_unit { PROFILE_INSNS, PROFILE_NS };
/* Where guests run: in user mode, or with hardware assistance in non-root mode. */
enum classify_mode { CLASSIFY_MODE_PLAIN, CLASSIFY_MODE_ASSIST };

/* The version of virtio's transport: QEMU's default is legacy. */
enum options_virtio { OPTIONS_VIRTIO_LEGACY, OPTIONS_VIRTIO_MODERN };

/* What a guest has for a console besides the firmware's: a UART, and a virtio console if wanted. */
enum options_console { OPTIONS_CONSOLE_UART, OPTIONS_CONSOLE_VIRTIO };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Words of the command line, in its order; not copied. */
struct words {
    const char **at;
    unsigned count;
};

/* One for each VM; the last is all further ones', too. */
struct percents {
    uint32_t at[VMM_VMS];
    unsigned count;
};

/* The same: what devices may carry in a second of the guest's time; 0: as much as comes. */
enum options_rate { RATE_DISK_BYTES, RATE_DISK_OPS, RATE_NET_BYTES, RATE_NET_OPS, RATES };

struct rates {
    uint32_t at[VMM_VMS];
    unsigned count;
};

struct recording;
struct machine;
struct input;

/* Brings a machine that has been made, with nothing in its memory, to where it begins. */
struct options_start {
    enum pz_err (*go)(void *owner, struct machine *machine, struct problem *problem);
    /* What VM `vm` has not read yet of its console's input; false: no memory. */
    bool (*input)(void *owner, unsigned vm, struct input *input);
    void *owner;
};

struct options {
    options_sets sets; /* what may be given */
    bool help, json, stats, no_pace, no_reboot;
    uint64_t vms;                             /* 0: not given */
    uint64_t cpus, quantum;                   /* of each machine; 0: not given */
    bool virt;                                /* --machine virt */
    uint64_t mem, ram_base, max_insns, focus; /* mem, until checked: 0: not given */
    const char *engine;                       /* NULL: not given */
    const char *trace;                        /* file for the trace; NULL for none */
    bool every_shadow, every_slice, every_monitor;
    unsigned shadow;              /* enum shadow_policy */
    unsigned monitor;             /* enum vm_monitor */
    bool has_shadow, has_monitor; /* given */
    uint32_t variants;            /* set of broken instructions (isa/variant.h) */
    bool list_variants;           /* --variant list: only say which there are */
    unsigned color;               /* enum color */
    uint64_t slices[OPTIONS_SLICES];
    unsigned slice_count; /* 0: not given */
    uint32_t shares[VMM_VMS];
    unsigned share_count;
    bool share;              /* equal pages are shared */
    uint64_t machine_memory; /* bytes; 0: enough for all */

    /* How the machine is divided (docs/resources.md) */
    struct percents caps, reserves;
    unsigned sched;      /* enum sched_kind */
    unsigned charge;     /* enum sched_charge */
    uint64_t sched_seed; /* 0: not given */
    uint64_t exit_price; /* 0: not given */
    uint64_t threads;    /* 0: not given */
    /* Not from the command line: a machine with some of the VMs only, `part` of them; 0: all */
    unsigned part_first, part;
    const char *price; /* file with prices; NULL: none */
    struct words inputs, appends, kernels, initrds;
    const struct file *initrd_read; /* in memory already: the first one; NULL: not given */
    bool has_load;
    uint64_t load;   /* where a kernel goes that says nothing of it */
    const char *dtb; /* file with a device tree, or OPTIONS_DUMP; NULL: ours */

    /* Devices; 0: not given */
    struct words disks, nets;
    unsigned virtio;  /* enum options_virtio */
    unsigned console; /* enum options_console */
    uint64_t rng_seed;
    struct rates rates[RATES];
    bool has_balloon;
    uint64_t balloon; /* bytes that the guest is to give up */

    uint64_t fault_at;    /* instructions of VM 0, before one is overwritten; 0: none is */
    const char *fault_in; /* NULL: the kernel; "user"; or a program's file */

    /* Runs that are kept; NULL or 0: not given */
    struct words symbols;       /* files, or directories, with the symbols of programs */
    bool perf_map;              /* name translated code for perf */
    const char *profile;        /* file for the profile */
    unsigned profile_unit;      /* enum profile_unit */
    uint64_t profile_interval;  /* instructions from sample to sample */
    const char *record;         /* file for the recording */
    const char *save;           /* file for a snapshot */
    uint64_t save_at;           /* instructions of VM 0; 0: when the run is left */
    bool save_exit;             /* the run is left then */
    bool save_stop;             /* the same for one that is saved through its socket */
    const char *since;          /* a snapshot whose pages need not be saved again */
    uint64_t clones;            /* VMs that one becomes; 0: not given */
    bool identity;              /* clones differ in what makes a machine itself */
    const char *name, *control; /* of a run; where it listens */
    bool prometheus;
    const char *where;  /* pz migrate: the socket of pz receive; NULL: not given */
    uint64_t bandwidth; /* bytes a second; 0: not given */
    bool post_copy;
    uint64_t checkpoint_mem;   /* bytes */
    uint64_t checkpoint_every; /* instructions */

    /* pz trace; which events to show */
    const char *cause, *action, *to_json;
    uint64_t only_vm, from, to; /* OPTIONS_ANY_VM; 0; UINT64_MAX: not given */

    const char *gdb; /* where to wait for gdb; NULL: not at all */
    /* pz translate */
    const char *at; /* NULL: not given */
    uint64_t count;

    /* pz bisect */
    const char *when; /* an expression; NULL: not given */

    const char *port; /* where pz dap and pz web wait; NULL: not given */
    bool stdio;       /* pz web: no port, but standard input and output */

    /* pz debug */
    bool batch;           /* nothing is read from standard input */
    struct words scripts; /* files of commands */

    uint64_t step; /* pz tutorial; 0: not given */
    /* pz classify; NULL: not given. `only` is below */
    const char *witness, *elf;
    uint64_t seed, trials;
    unsigned classify_mode; /* enum classify_mode */

    /* pz bench, pz compare; NULL or 0: not given */
    uint64_t depth; /* pz nest; 0: not given */
    bool no_accel, no_relay, collapse;
    bool quick, no_qemu, markdown;
    bool systems; /* pz compare: the bundled systems, not one guest's techniques */
    bool measure; /* pz zoo --run */
    bool cost;    /* pz translate */
    const char *only, *engines, *policies; /* lists: a,b,c */
    const char *svg;                       /* file for the chart */
    uint64_t runs;

    /* pz grade */
    bool list;
    const char *format;   /* NULL: not given */
    const char *output;   /* file for the result; NULL: standard output */
    const char *replays;  /* folder for replay files; NULL: not given */
    const char *students; /* --all: the folder of a class; NULL: not given */
    uint64_t jobs;        /* at once; 0: not given */

    const char *page; /* pz report: the address of the lab's page; NULL: not given */
    struct words
        given; /* options with names, in their order: "NAME", and its value, if it takes one */

    /* pz help */
    bool man;
    const char *completion; /* the shell's name; NULL: not given */

    /* Not from the command line: which source this is, and its day; "" if not known */
    const char *revision, *date;
    /* Not from the command line: what stands in for parts of the monitor; NULL: nothing */
    const struct vmm_parts *parts;
    struct machine_memory *memory; /* where a machine is to lie; NULL: anywhere */
    bool
        announced; /* guests under lockstep are told of hypercalls, unlike the bare machine's */
    const struct recording *recording; /* what to run again; NULL: nothing */
    const struct options_start *start; /* where a machine begins; NULL: at power-on */
};

#endif
