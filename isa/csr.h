/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr.h - control and status registers: their numbers, who may access them, and which values they
 * can hold. Their fields are in csr_fields.h; the instructions that access them are in
 * exec_system.c.
 */
#ifndef PZ_ISA_CSR_H
#define PZ_ISA_CSR_H

#include "isa/csr_fields.h"
#include "isa/hart.h"
#include "isa/insn.h"

enum csr_id {
#define CSR(id, number, privilege, sensitivity, decides) CSR_##id,
#include "isa/csrs.def"
#undef CSR
    CSR_COUNT,
    CSR_NONE = CSR_COUNT,
};

struct csr_desc {
    const char *name;
    uint16_t number;
    uint8_t privilege;   /* enum insn_privilege */
    uint8_t sensitivity; /* enum insn_sensitivity, claimed */
    uint8_t decides;     /* enum insn_decides, never BY_CSR */
};

/* The row of a CSR. `id` < CSR_COUNT. */
const struct csr_desc *csr_desc(enum csr_id id);

/* The CSR of a 12-bit number, or CSR_NONE. */
enum csr_id csr_find(uint32_t number);

/* Does the number name a read-only CSR? (Privileged ISA 2.1: bits 11..10 are 3.) */
bool csr_read_only(uint32_t number);

enum {
    CSRS_THAT_DECIDE = 0 /* bit n: the CSR with id n */
#define CSR(id, number, privilege, sensitivity, decides)                                       \
    | (DECIDES_##decides != DECIDES_NOTHING) << CSR_##id
#include "isa/csrs.def"
#undef CSR
};

/* Do address mapping or interrupts depend on the CSR? Other CSRs only store their value. */
static inline bool csr_decides(enum csr_id id)
{
    return CSRS_THAT_DECIDE >> id & 1;
}

/* Is it a counter, whose value changes without a write? */
static inline bool csr_counts(enum csr_id id)
{
    _Static_assert(CSR_COUNT - CSR_cycle == 6, "the counters are the last rows of csrs.def");
    return id >= CSR_cycle && id < CSR_COUNT;
}

/*
 * May user mode read it, according to scounteren (Privileged ISA 4.1.5)? mcounteren belongs to the
 * firmware, which sets every bit.
 */
static inline bool csr_open_to_user(const struct hart *hart, enum csr_id id)
{
    return csr_counts(id) && (hart->scounteren >> (csr_desc(id)->number & 31) & 1);
}

/* The field of struct hart that holds a CSR, and the bits of it that a write can change. */
struct csr_place {
    uint16_t offset;
    uint32_t writable;
};

/* `id` < CSR_COUNT. Counters are computed: their place only says that no bit can be written. */
const struct csr_place *csr_place(enum csr_id id);

uint32_t csr_read(const struct hart *hart, enum csr_id id);

/* Write by the fields' WARL rules: an illegal value is replaced by a legal one, never refused. */
void csr_write(struct hart *hart, enum csr_id id, uint32_t value);

#endif
