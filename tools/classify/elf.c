/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * elf.c - a witness as a bare guest of PZ32, to be stepped through. It puts itself into
 * the first state, jumps to the instruction, and what follows traps; then the same with the second
 * state; then it shuts the computer down.
 *
 *   0x1000  the trap handler, at every vector; the same page in all address spaces
 *   0x1100  a way into each state
 *   0x2000  the lowest page table of the first state, 0x3000 of the second
 *   above   memory as in the experiment; around the instruction, nothing but EBREAK
 *
 * What a guest cannot set stays as it is: the time, pending interrupts other than SSIP, and in
 * user mode what the SRET into it leaves in sstatus and sepc.
 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/classify/report.h"

#define VECTORS_END 0x1100u
#define ENTRY VECTORS_END
#define PHASE 0x1ff8u
#define FIRST_LEAF 0x2000u
#define FROM CLASSIFY_HANDLER

#define EBREAK 0x00100073u
#define ECALL 0x00000073u
#define SRET 0x10200073u
#define SFENCE 0x12000073u
#define T0 5u
#define T1 6u
#define SBI_SHUTDOWN 8u /* the legacy call */
#define A7 17u

struct writer {
    uint8_t *memory; /* physical, from 0 */
    uint32_t at;
};

static void emit(struct writer *writer, uint32_t bits)
{
    store_le32(writer->memory + writer->at, bits);
    writer->at += 4;
}

/* LUI, then ADDI, which adds a signed number. */
static void emit_li(struct writer *writer, unsigned rd, uint32_t value)
{
    emit(writer, insn_desc(INSN_lui)->match | rd << 7 | ((value + 0x800) & 0xfffff000u));
    emit(writer, insn_desc(INSN_addi)->match | rd << 7 | rd << 15 | value << 20);
}

static void emit_csrw(struct writer *writer, enum csr_id csr, uint32_t value)
{
    emit_li(writer, T0, value);
    emit(writer,
         insn_desc(INSN_csrrw)->match | T0 << 15 | (uint32_t)csr_desc(csr)->number << 20);
}

static void emit_sw(struct writer *writer, uint32_t pa, uint32_t value)
{
    emit_li(writer, T0, value);
    emit_li(writer, T1, pa);
    emit(writer, insn_desc(INSN_sw)->match | T1 << 15 | T0 << 20);
}

static uint32_t jump(uint32_t from, uint32_t to)
{
    uint32_t bits = to - from;

    return insn_desc(INSN_jal)->match | (bits >> 12 & 255) << 12 | (bits >> 11 & 1) << 20 |
           (bits >> 1 & 1023) << 21 | (bits >> 20 & 1) << 31;
}

/* In user mode the SRET into it moves SPIE to SIE. */
static uint32_t entry_status(const struct hart *hart)
{
    uint32_t status = hart->sstatus;

    if (hart->mode == HART_SUPERVISOR)
        return status;
    status &= ~(SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE);
    return hart->sstatus & SSTATUS_SIE ? status | SSTATUS_SPIE : status;
}

static void emit_space(struct writer *writer, const struct classify_state *state,
                       unsigned which)
{
    uint32_t root = (state->hart.satp & SATP_PPN) << PAGE_SHIFT;
    uint32_t leaf = FIRST_LEAF + which * PAGE_SIZE;

    emit_csrw(writer, CSR_satp, 0);
    if (state->place == CLASSIFY_BARE)
        return;
    emit_sw(writer, root, PTE_MAKE(leaf >> PAGE_SHIFT, PTE_V));
    emit_csrw(writer, CSR_satp, state->hart.satp);
    emit(writer, SFENCE);
}

static void emit_state(struct writer *writer, const struct classify_state *state,
                       unsigned which)
{
    const struct hart *hart = &state->hart;
    bool user = hart->mode == HART_USER;

    emit_sw(writer, PHASE, which);
    emit_csrw(writer, CSR_sstatus, entry_status(hart));
    emit_csrw(writer, CSR_stvec, hart->stvec);
    emit_csrw(writer, CSR_sscratch, hart->sscratch);
    emit_csrw(writer, CSR_sepc, user ? hart->pc : hart->sepc);
    emit_csrw(writer, CSR_scause, hart->scause);
    emit_csrw(writer, CSR_stval, hart->stval);
    emit_csrw(writer, CSR_scounteren, hart->scounteren);
    emit_csrw(writer, CSR_senvcfg, hart->senvcfg);
    emit_csrw(writer, CSR_sie, hart->sie);
    emit_csrw(writer, CSR_sip, hart->sip);
    emit_space(writer, state, which);
    for (unsigned i = 1; i < 32; i++)
        emit_li(writer, i, hart->x[i]);
    emit(writer, user ? SRET : jump(writer->at, hart->pc));
}

/* Turn translation off; after the first state go on with the second, then shut down. */
static void emit_handler(struct writer *writer, uint32_t second)
{
    emit_csrw(writer, CSR_satp, 0);
    emit(writer, SFENCE);
    emit_li(writer, T1, PHASE);
    emit(writer, insn_desc(INSN_lw)->match | T0 << 7 | T1 << 15);
    emit(writer, insn_desc(INSN_bne)->match | T0 << 15 | 4u << 8 /* past the next */);
    emit(writer, jump(writer->at, second));
    emit_li(writer, A7, SBI_SHUTDOWN);
    emit(writer, ECALL);
    emit(writer, jump(writer->at, writer->at));
}

static void put_program(uint8_t *memory, const struct classify_state *state, unsigned which)
{
    uint32_t base = classify_base((enum classify_place)state->place);
    uint32_t leaf = classify_pte_pa((enum classify_place)state->place, 0);

    for (uint32_t at = CLASSIFY_CODE; at < CLASSIFY_CODE + 3 * PAGE_SIZE; at += 4)
        store_le32(memory + base + at, EBREAK);
    store_le32(memory + base + CLASSIFY_PC, state->insn);
    if (state->place == CLASSIFY_BARE)
        return;
    classify_tables(memory, (enum classify_place)state->place,
                    (enum hart_mode)state->hart.mode);
    memcpy(memory + FIRST_LEAF + which * PAGE_SIZE, memory + leaf, PAGE_SIZE);
}

static void fill(uint8_t *memory, const struct classify_pair *pair)
{
    struct writer writer = {.memory = memory, .at = ENTRY};
    uint32_t second, handler;

    classify_image(memory);
    memset(memory + CLASSIFY_HANDLER, 0, 3 * PAGE_SIZE);
    put_program(memory, &pair->a, 0);
    put_program(memory, &pair->b, 1);
    emit_state(&writer, &pair->a, 0);
    second = writer.at;
    emit_state(&writer, &pair->b, 1);
    handler = writer.at;
    emit_handler(&writer, second);
    for (uint32_t at = CLASSIFY_HANDLER; at < VECTORS_END; at += 4)
        store_le32(memory + at, jump(at, handler));
}

static bool write_file(FILE *file, const uint8_t *memory)
{
    const Elf32_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_RISCV,
        .e_version = EV_CURRENT,
        .e_entry = ENTRY,
        .e_phoff = sizeof header,
        .e_ehsize = sizeof header,
        .e_phentsize = sizeof(Elf32_Phdr),
        .e_phnum = 1,
        .e_shentsize = sizeof(Elf32_Shdr),
    };
    const Elf32_Phdr segment = {
        .p_type = PT_LOAD,
        .p_offset = PAGE_SIZE,
        .p_vaddr = FROM,
        .p_paddr = FROM,
        .p_filesz = CLASSIFY_RAM - FROM,
        .p_memsz = CLASSIFY_RAM - FROM,
        .p_flags = PF_R | PF_W | PF_X,
        .p_align = PAGE_SIZE,
    };

    return fwrite(&header, sizeof header, 1, file) == 1 &&
           fwrite(&segment, sizeof segment, 1, file) == 1 &&
           fseek(file, PAGE_SIZE, SEEK_SET) == 0 &&
           fwrite(memory + FROM, CLASSIFY_RAM - FROM, 1, file) == 1;
}

enum pz_err classify_write_elf(const struct classify_witness *witness, const char *path,
                               struct problem *problem)
{
    uint8_t *memory = calloc(1, CLASSIFY_RAM);
    enum pz_err err;
    int error = 0;
    FILE *file;

    if (!memory)
        return problem_memory(problem, "the guest");
    fill(memory, &witness->pair);
    err = outfile_open(&file, "--elf", path, problem);
    if (!err && !write_file(file, memory))
        error = errno;
    if (!err)
        err = outfile_close(file, error, "--elf", path, problem);
    free(memory);
    return err;
}
