/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * elf_reloc.h - what remains to be done to a static position-independent executable when it is
 * known where it goes: words that hold addresses are moved with it.
 */
#ifndef PZ_TOOLS_HOST_ELF_RELOC_H
#define PZ_TOOLS_HOST_ELF_RELOC_H

#include "tools/host/elf.h"

/* Find the relocations of what elf_parse() has found, and check each. */
enum pz_err elf_reloc_find(struct elf *elf, struct problem *problem) PZ_MUST_CHECK;

/* The word that relocation `i` makes, and where it goes. False: it makes none. */
bool elf_reloc(const struct elf *elf, uint32_t i, uint32_t *pa, uint32_t *word);

#endif
