/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi_call.h - the type and helpers of functions that serve one SBI call each. sbi.c has the table
 * of them.
 */
#ifndef PZ_VMM_BOARD_SBI_CALL_H
#define PZ_VMM_BOARD_SBI_CALL_H

#include "vmm/board/board.h"

enum { A0 = 10, A1 = 11, A2 = 12, A3 = 13, A4 = 14, A6 = 16, A7 = 17 };

/* Table 1. */
enum sbi_error {
    SBI_SUCCESS = 0,
    SBI_FAILED = -1,
    SBI_NOT_SUPPORTED = -2,
    SBI_INVALID_PARAM = -3,
    SBI_DENIED = -4,
    SBI_INVALID_ADDRESS = -5,
    SBI_ALREADY_AVAILABLE = -6,
    SBI_NO_SHMEM = -9,
    SBI_TRAPPED = INT32_MIN, /* not defined by SBI: the call has trapped, and does not return */
};

struct sbi_result {
    int32_t error;
    uint32_t value;
};

typedef struct sbi_result sbi_function(struct board *board, struct hart *hart);

static inline struct sbi_result sbi_success(uint32_t value)
{
    return (struct sbi_result){SBI_SUCCESS, value};
}

static inline struct sbi_result sbi_failure(enum sbi_error error)
{
    return (struct sbi_result){error, 0};
}

/* Return from a call: results go to a0 and a1, and pc moves past it. */
static inline void sbi_return(struct hart *hart, struct sbi_result result)
{
    hart->x[A0] = (uint32_t)result.error;
    hart->x[A1] = result.value;
    hart->pc += 4; /* ECALL has no compressed form */
    hart->reservation.valid = false;
}

/* Extensions IPI, RFENCE, HSM, SUSP (SBI 2.0, chapters 7 to 9, 13). */
sbi_function sbi_send_ipi;
sbi_function sbi_remote_fence_i, sbi_remote_sfence, sbi_remote_sfence_asid;
sbi_function sbi_legacy_clear_ipi, sbi_legacy_send_ipi, sbi_legacy_fence_i, sbi_legacy_sfence,
    sbi_legacy_sfence_asid;
sbi_function sbi_hart_start, sbi_hart_stop, sbi_hart_status, sbi_hart_suspend;
sbi_function sbi_system_suspend;

/* Nested acceleration (sbi_nested.h). */
sbi_function sbi_nested_probe, sbi_nested_set_memory, sbi_nested_enter;

/* Called at the end of a call: if it enters a guest, the hart runs that guest from now on. */
void sbi_nested_begin(struct board *board, struct hart *hart);

#endif
