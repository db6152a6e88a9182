/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls.h - what the benchmark kernel and its user programs agree on: system calls (number in
 * a7, arguments in a0 to a2, result in a0) and the marks that the host times a run by.
 */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

enum bench_call {
    CALL_NULL,    /* nothing; 0, as trap.S relies on */
    CALL_MARK,    /* (enum bench_mark) */
    CALL_RESULT,  /* (checksum) */
    CALL_WRITE,   /* (bytes, length) to the console; within a page */
    CALL_EXIT,    /* (status); the first process ends the machine */
    CALL_YIELD,   /* () */
    CALL_FORK,    /* () -> 0 in the child, 1 in the parent */
    CALL_EXEC,    /* (function, argument) in a new image of the same program */
    CALL_WAIT,    /* () -> a child's status */
    CALL_SEND,    /* (pipe, bytes, length) */
    CALL_RECEIVE, /* (pipe, bytes, length): waits until all have come */
    CALL_MAP,     /* (address, pages): fresh memory */
    CALL_UNMAP,   /* (address, pages) */
    CALL_DEMAND,  /* (address, pages): memory that comes when it is touched */
    CALL_REMAP,   /* (address, address): the pages at both change places */
    CALL_TIMER,   /* (interrupts a second), 0 for none */
    CALL_FAST,    /* from now on CALL_NULL takes the short way; t0 is lost by it */
    CALL_COUNT,
};

/* The host times from the end of the line of BASE or RUN to the beginning of that of END. */
enum bench_mark {
    MARK_BASE, /* the loop alone, to be subtracted */
    MARK_RUN,
    MARK_END,
};

#define PIPES 8
#define PIPE_ROOM 256u

#define USER_STACK_TOP 0x80000000u
#define USER_STACK_PAGES 4u

#endif
