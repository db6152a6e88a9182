/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guide.h - where a debugger of the machine beneath finds the VMs of type 1: in type1.elf under the
 * symbol type1_guide. struct hart has one layout on RV32 and on the debugger's host.
 */
#ifndef PZ_VMM_TYPE1_GUIDE_H
#define PZ_VMM_TYPE1_GUIDE_H

#include <stdint.h>

#define GUIDE_MAGIC 0x31475a50u /* "PZG1" */
#define GUIDE_SYMBOL "type1_guide"

/* Addresses are physical: type 1 maps its memory one to one. */
struct guide {
    uint32_t magic;
    uint32_t current; /* address of the pointer to the VM whose world was set up last */
    uint32_t page;    /* address of the page through which a guest is entered: with acceleration
                         a struct nested, else the trampoline */
    uint32_t enter;   /* address of a word that is 0 if it is the trampoline */
    uint32_t save;    /* address of a pointer to the save area (isa/engine/cpu/page.h) */
    uint32_t away;    /* address of a byte: the guest's registers are there, or on the CPU */

    /* Offsets into the VM: pointers to its name and to its hart; of its pmap, the root, and where
       RAM begins and how large it is, of 64 bits each. */
    uint32_t name, hart, root, ram_base, ram_size;
};

#endif
