/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proto.h - what the servers, and the library of the programs, agree on: slots, addresses, and
 * the messages of each server. A message's label says what is wanted; words are its arguments, and
 * word[0] of a reply is the result, or a negative error.
 *
 * Bytes that do not fit a message lie in the caller's letter: a page that it shares with all
 * servers. The k-th process has letter k.
 */
#ifndef MICRO_PROTO_H
#define MICRO_PROTO_H

#include "micro/abi.h"

/* Slots of a server, as the supervisor fills them. */
enum {
    S_SELF = 1,
    S_OWN,
    S_REPLY,
    S_ROOT,
    S_MEM,
    S_PROC,
    S_FS,
    S_CON,
    S_DISK,
    S_MEMORY,
    S_DEVICE,
    S_IRQ,
    S_CONTROL,
    S_PLACE,
    S_FREE = 16
};

/* Slots of a process. */
enum { P_PROC = 1, P_MEM, P_ROOT, P_NULL };

/* Addresses: in a process, and in servers. */
enum { PAGE_BYTES = 4096 };
#define LETTER 0xbffe0000u
#define STACK_BASE 0xbfff0000u
#define STACK_TOP 0xc0000000u
#define HEAP_LIMIT 0xbfbff000u
#define LETTERS 0x70000000u /* all of them, in servers */
#define ARCHIVE 0x60000000u /* in the supervisor and the file server */
#define DEVICE 0x50000000u  /* in a driver */

enum { LETTER_PROC = MAX_PROCESSES, LETTER_COUNT };

/* Badges: processes are 1 and up. */
enum { BADGE_PROC = 0x100, BADGE_ROOT, BADGE_SERVER };

/* Signals to the process server. */
enum { SIGNAL_TICK = 1, SIGNAL_INTERRUPT = 2, SIGNAL_DEATH = 4 };
enum { SIGNAL_DEVICE = 1 }; /* to a driver */

/* The supervisor. Names fill the words. */
enum { ROOT_CRASH = 1, ROOT_PART };

/* The pager. From processes: */
enum { MEM_SBRK = 1, MEM_INFO, MEM_HOLD, MEM_PROTECT, MEM_ON_FAULT, MEM_ON_SHORT };
/* ... and from the process server: word[0] is the process. */
enum { MEM_FORK = 16, MEM_PAGE, MEM_COMMIT, MEM_FREE, MEM_ABORT, MEM_NEXT_DEATH, MEM_PAGES };

/* The process server. */
enum {
    PROC_EXIT = 1,
    PROC_FORK,
    PROC_EXEC,
    PROC_WAIT,
    PROC_KILL,
    PROC_GETPID,
    PROC_SLEEP,
    PROC_UPTIME,
    PROC_INFO,
    PROC_NEWGROUP,
    PROC_FOREGROUND,
    PROC_POWEROFF,
    PROC_TIMEBASE,
    PROC_OPEN,
    PROC_CLOSE,
    PROC_READ,
    PROC_WRITE,
    PROC_DUP,
    PROC_PIPE,
    PROC_UNLINK,
    PROC_READDIR,
    PROC_STAT,
    PROC_CALLS
};
enum { WAIT_PEEK = 0x100 };              /* with WAIT's flags: the status cannot be delivered */
enum { ARGS_AT = 64, ARGS_SIZE = 1024 }; /* of PROC_EXEC, in the letter */

/* The file server, from the process server: word[0] is a file but for OPEN, UNLINK, DIR. */
enum { FS_OPEN = 1, FS_CLOSE, FS_READ, FS_WRITE, FS_UNLINK, FS_DIR, FS_STAT, FS_RESET };

/* The console. */
enum { CON_WRITE = 1, CON_READ, CON_CANCEL, CON_RESET, CON_NEWLINE };

/* The disk: word[0] is an offset in bytes. */
enum { DISK_READ = 1, DISK_WRITE, DISK_SIZE };
enum { BLOCK_BYTES = 512 };

#endif
