/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * save.h - the save page of an environment: where the kernel leaves its registers, and what the
 * library tells the kernel. The library may write all of it at any time: the kernel believes
 * none of it. Read by assembly too.
 */
#ifndef EXO_SAVE_H
#define EXO_SAVE_H

#define SAVE_PC 128       /* after x1..x31, each at its number times four */
#define SAVE_SCRATCH 132  /* the kernel's, on its way in */
#define SAVE_HANDLER 136  /* where exceptions go; 0: they end the environment */
#define SAVE_UPCALL 140   /* not 0: in a handler that has not copied the frame yet */
#define SAVE_FRAME_PC 144 /* the frame of an upcall: what the handler has to save first */
#define SAVE_FRAME_SP 148
#define SAVE_FRAME_T0 152
#define SAVE_FRAME_T1 156
#define SAVE_CAUSE 160     /* scause, or one of CAUSE_... below */
#define SAVE_VALUE 164     /* stval */
#define SAVE_RESUME_PC 168 /* what resume loads; all other registers are loaded before it */
#define SAVE_RESUME_SP 172
#define SAVE_RESUME_T0 176
#define SAVE_RESUME_T1 180
#define SAVE_RESUME_A7 184
#define SAVE_WANTS 188   /* WANTS_...: upcalls besides exceptions */
#define SAVE_ACCEPTS 192 /* groups that may call this environment: bit n for group n */
#define SAVE_SIZE 256    /* the rest of the page is the library's */

#define CAUSE_ECALL 8      /* a number that is none of the kernel's: for the library */
#define CAUSE_SLICE_END 64 /* the slice is over: save what matters, and yield */
#define CAUSE_REVOKE 65    /* give back so many pages; value: how many */

#define WANTS_SLICE_END 1
#define WANTS_REVOKE 2

#define EXO_CALLS 0x45584f00 /* the kernel's calls are numbers from here on */
#define EXO_CALL_COUNT 64
#define EXO_SHORT_CALLS 20 /* calls.def */
#define EXO_RESUME (EXO_CALLS + 63)

#ifndef __ASSEMBLER__

#include <stdint.h>

struct save {
    uint32_t x[32]; /* x[0] is not used */
    uint32_t pc;
    uint32_t scratch;
    uint32_t handler, upcall;
    uint32_t frame_pc, frame_sp, frame_t0, frame_t1;
    uint32_t cause, value;
    uint32_t resume_pc, resume_sp, resume_t0, resume_t1, resume_a7;
    uint32_t wants, accepts;
};

_Static_assert(__builtin_offsetof(struct save, pc) == SAVE_PC, "entry.S relies on this");
_Static_assert(__builtin_offsetof(struct save, cause) == SAVE_CAUSE, "entry.S relies on this");
_Static_assert(__builtin_offsetof(struct save, accepts) == SAVE_ACCEPTS, "and on this");

#endif
#endif
