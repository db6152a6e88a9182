/* SPDX-License-Identifier: GPL-2.0-or-later */
/* csr_fields.h - the fields of the CSRs. */
#ifndef PZ_ISA_CSR_FIELDS_H
#define PZ_ISA_CSR_FIELDS_H

/* sstatus (Privileged ISA 4.1.1); every other bit reads as zero. */
#define SSTATUS_SIE (1u << 1)
#define SSTATUS_SPIE (1u << 5)
#define SSTATUS_SPP (1u << 8)
#define SSTATUS_SUM (1u << 18)
#define SSTATUS_MXR (1u << 19)
#define SSTATUS_MASK (SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR)

/* stvec (4.1.2): MODE 0 direct, 1 vectored; 2 and 3 are reserved. */
#define STVEC_MODE 3u
#define STVEC_VECTORED 1u

/* scounteren (4.1.5): may user mode read cycle, time, instret? Bits as in their numbers. */
#define SCOUNTEREN_CY (1u << 0)
#define SCOUNTEREN_TM (1u << 1)
#define SCOUNTEREN_IR (1u << 2)
#define SCOUNTEREN_MASK                                                                        \
    (SCOUNTEREN_CY | SCOUNTEREN_TM | SCOUNTEREN_IR) /* there are no others */

/* senvcfg (4.1.10): in user mode, fences of I/O order memory too. Every fence here does. */
#define SENVCFG_FIOM (1u << 0)

/*
 * satp (4.1.11):
 *    31   30       22 21                   0
 *   +----+-----------+----------------------+
 *   |MODE|   ASID    |         PPN          |
 *   +----+-----------+----------------------+
 */
#define SATP_SV32 (1u << 31)
#define SATP_ASID_SHIFT 22
#define SATP_ASID_MASK 0x1ffu
#define SATP_PPN 0x003fffffu
#define SATP_ASID(satp) (((satp) >> SATP_ASID_SHIFT) & SATP_ASID_MASK)

#endif
