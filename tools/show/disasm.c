/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disasm.c - chooses between Capstone's text and ours. Capstone knows more than PZ32 (floating
 * point, machine mode, other CSRs) and is asked only about what our own decoder accepts.
 */
#include "tools/show/disasm.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "isa/csr.h"
#include "isa/decode.h"
#include "tools/host/host.h"
#include "tools/show/format.h"

#if PZ_HAVE_CAPSTONE
#include "tools/show/capstone_library.h"

static size_t capstone_open(void)
{
    csh handle;

    if (!capstone_library_load() ||
        capstone_library.open(CS_ARCH_RISCV, (cs_mode)(CS_MODE_RISCV32 | CS_MODE_RISCVC),
                              &handle))
        return 0;
    return handle;
}

static void capstone_close(size_t handle)
{
    csh closing = handle;

    if (handle)
        capstone_library.close(&closing);
}

/* Capstone's text; false where it has none, or sees an instruction of another length. */
static bool capstone_text(size_t handle, const struct insn *insn, char *name, char *operands,
                          size_t size)
{
    uint8_t bytes[4] = {(uint8_t)insn->raw, (uint8_t)(insn->raw >> 8),
                        (uint8_t)(insn->raw >> 16), (uint8_t)(insn->raw >> 24)};
    cs_insn *found;
    bool good;

    if (capstone_library.disasm(handle, bytes, insn->len, 0, 1, &found) != 1)
        return false;
    good = found->size == insn->len && strlen(found->op_str) < size;
    snprintf(name, size, "%.31s", found->mnemonic);
    snprintf(operands, size, "%.63s", found->op_str);
    capstone_library.free(found, 1);
    return good;
}

bool disasm_capstone_version(unsigned *major, unsigned *minor)
{
    int number[2];

    if (!capstone_library_load())
        return false;
    capstone_library.version(&number[0], &number[1]);
    *major = (unsigned)number[0];
    *minor = (unsigned)number[1];
    return true;
}
#else
bool disasm_capstone_version(unsigned *major, unsigned *minor)
{
    (void)major, (void)minor;
    return false;
}

static size_t capstone_open(void)
{
    return 0;
}

static void capstone_close(size_t handle)
{
    (void)handle;
}

static bool capstone_text(size_t handle, const struct insn *insn, char *name, char *operands,
                          size_t size)
{
    (void)handle, (void)insn, (void)name, (void)operands, (void)size;
    return false;
}
#endif

void disasm_open(struct disasm *disasm, bool want_capstone)
{
    disasm->capstone = want_capstone ? capstone_open() : 0;
    disasm->variants = 0;
}

void disasm_close(struct disasm *disasm)
{
    capstone_close(disasm->capstone);
    disasm->capstone = 0;
}

const char *disasm_backend(const struct disasm *disasm)
{
    return disasm->capstone ? "capstone" : "table";
}

/*
 * Is Capstone's text wanted? It names CSRs that PZ32 does not have ("hpmcounter3"), has no name for
 * senvcfg, and calls fences without a set "unknown".
 */
static bool capstone_knows_better(const struct insn *insn)
{
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_CSR:
    case FORMAT_CSRI: return insn->csr != CSR_NONE && insn->csr != CSR_senvcfg;
    case FORMAT_FENCE: return false;
    default: return true;
    }
}

static bool goes_somewhere(const struct insn *insn)
{
    uint8_t format = insn_desc((enum insn_id)insn->id)->format;

    return format == FORMAT_B || format == FORMAT_J;
}

/* Capstone's last operand of a branch or jump is its distance: put the target in its place. */
static void set_target(const struct insn *insn, uint32_t pc, char *operands, size_t size)
{
    char *last = strrchr(operands, ' ');
    size_t at = last ? (size_t)(last + 1 - operands) : 0;

    snprintf(operands + at, size - at, "0x%" PRIx32, pc + (uint32_t)insn->imm);
}

static bool try_capstone(const struct disasm *disasm, const struct insn *insn, uint32_t pc,
                         char *text, size_t size)
{
    char name[DISASM_TEXT], operands[DISASM_TEXT];

    if (!disasm->capstone || insn->id == INSN_ILLEGAL || !capstone_knows_better(insn))
        return false;
    if (!capstone_text(disasm->capstone, insn, name, operands, sizeof operands))
        return false;
    if (goes_somewhere(insn))
        set_target(insn, pc, operands, sizeof operands);
    snprintf(text, size, "%s%s%s", name, operands[0] ? " " : "", operands);
    return true;
}

/* The text of what only a variant has; false: it is none of these. */
static bool variant_text(uint32_t set, const struct insn *insn, char *text, size_t size)
{
    const struct variant_change *change = variant_find(set, insn->bits);
    const char *rd = format_reg(insn->bits >> 7 & 31);

    if (!change)
        return false;
    switch (change->variant) {
    case VARIANT_lra:
        snprintf(text, size, "lra %s, (%s)", rd, format_reg(insn->bits >> 15 & 31));
        return true;
    case VARIANT_io_probe: snprintf(text, size, "io.probe %s", rd); return true;
    default: return false;
    }
}

unsigned disasm_text(const struct disasm *disasm, uint32_t raw, uint32_t pc, char *text,
                     size_t size)
{
    struct insn insn = decode_insn(raw);

    if (disasm->variants && variant_text(disasm->variants, &insn, text, size))
        return insn.len;
    if (!try_capstone(disasm, &insn, pc, text, size))
        format_insn_at(&insn, pc, text, size);
    return insn.len;
}
