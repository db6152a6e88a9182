/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * archive.h - the format of type 1's initial RAM disk: its VMs, and the images of each. `pz image`
 * writes it. All numbers are little-endian; `at` counts from the archive's beginning.
 *
 *   archive_head | archive_vm, one for each VM | archive_piece, of all VMs | bytes
 */
#ifndef PZ_VMM_TYPE1_ARCHIVE_H
#define PZ_VMM_TYPE1_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#define ARCHIVE_MAGIC 0x31545a50u /* "PZT1" */
#define ARCHIVE_VERSION 1u
#define ARCHIVE_VMS 8u
#define ARCHIVE_PIECES 4096u /* of one VM */
#define ARCHIVE_NAME 32u

/* `at` and `pa` of a piece agree modulo this, so that type 1 copies words rather than bytes. */
#define ARCHIVE_ALIGNMENT 8u

struct archive_head {
    uint32_t magic, version, vms, size; /* size: bytes of all */
};

struct archive_vm {
    char name[ARCHIVE_NAME]; /* ends with a zero byte */
    uint64_t ram_base, ram_size;
    uint32_t shares, cpus;
    uint32_t entry, dtb; /* the kernel's entry point; a1 there */
    uint32_t pieces_at, pieces;
};

/* Bytes of a VM's memory. `at` 0: zeros. */
struct archive_piece {
    uint64_t pa;
    uint32_t at, len;
};

/*
 * Check that the archive is complete and lies within `size` bytes. NULL: it is valid; else a
 * message that says what is wrong. `bytes` is aligned to 8.
 */
const char *archive_check(const void *bytes, uint32_t size);

/* Access to an archive that has been checked. */
const struct archive_vm *archive_vm(const void *bytes, uint32_t number);
const struct archive_piece *archive_pieces(const void *bytes, const struct archive_vm *vm);

#endif
