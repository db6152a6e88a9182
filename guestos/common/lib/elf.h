/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * elf.h - the parts of the ELF file format (ELF32, little-endian) that a program is loaded by.
 * Also used by the test that feeds the kernel broken ones.
 */
#ifndef COMMON_ELF_H
#define COMMON_ELF_H

#include <stdint.h>

enum {
    ELF_MAGIC = 0x464c457f, /* 7f 'E' 'L' 'F' */
    ELF_CLASS32_LSB = 0x0101,
    ELF_TYPE_EXEC = 2,
    ELF_MACHINE_RISCV = 243,
    ELF_PT_LOAD = 1,
    ELF_PF_X = 1,
    ELF_PF_W = 2,
    ELF_PF_R = 4,
};

struct elf_header {
    uint32_t magic;
    uint16_t class_and_order;
    uint8_t version_and_padding[10];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint32_t entry;
    uint32_t phoff;
    uint32_t shoff;
    uint32_t flags;
    uint16_t ehsize;
    uint16_t phentsize;
    uint16_t phnum;
    uint16_t shentsize;
    uint16_t shnum;
    uint16_t shstrndx;
};

struct elf_segment {
    uint32_t type;
    uint32_t offset;
    uint32_t vaddr;
    uint32_t paddr;
    uint32_t filesz;
    uint32_t memsz;
    uint32_t flags;
    uint32_t align;
};

#endif
