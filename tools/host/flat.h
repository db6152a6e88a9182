/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flat.h - kernels that are no ELF files but the bytes of memory themselves: Linux's `Image`, whose
 * header says where it goes, and any other, which goes where the user says, or where QEMU's virt
 * machine loads it. They are entered at their first byte.
 */
#ifndef PZ_TOOLS_HOST_FLAT_H
#define PZ_TOOLS_HOST_FLAT_H

#include "tools/host/elf.h"

/* Does the file begin with the header of a RISC-V `Image`? */
bool flat_is_linux(const uint8_t *bytes, size_t len);

/*
 * Does a file without a header have a default place? If RAM is where QEMU's virt machine has it, it
 * is 4 MiB after the start of RAM: QEMU loads a flat RV32 kernel there.
 */
bool flat_has_place(const struct elf_ram *ram);

/* One segment, checked as elf_parse() does. `elf` points into `bytes` afterwards. */
enum pz_err flat_parse(const uint8_t *bytes, size_t len, struct elf_place place,
                       struct elf *elf, struct problem *problem) PZ_MUST_CHECK;

#endif
