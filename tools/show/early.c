/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * early.c - addresses: hw/riscv/virt.c of QEMU 7.2. CSRs and instructions: the privileged and the
 * unprivileged manual. What PZ32 has itself is not in the tables.
 */
#include "tools/show/early.h"

#include <inttypes.h>

#include "isa/hart.h"
#include "tools/base/base.h"
#include "vmm/trace.h"

struct region {
    uint32_t first, last;
    const char *what;
};

static const struct region addresses[] = {
    {0x00000000, 0x00000fff, "nothing; a null pointer, or a trap with no handler in stvec"},
    {0x00001000, 0x0000ffff, "the boot ROM"},
    {0x00100000, 0x00100fff, "the test finisher (words and half-words only)"},
    {0x00101000, 0x00101fff, "the Goldfish RTC (words only)"},
    {0x02000000, 0x0200ffff, "the CLINT, machine mode's: use SBI's set_timer and IPI"},
    {0x02f00000, 0x02f03fff, "the ACLINT's software interrupts: use SBI's IPI"},
    {0x03000000, 0x0300ffff, "PCI's I/O ports: there is no PCI here"},
    {0x04000000, 0x05ffffff, "the platform bus"},
    {0x0c000000, 0x0fffffff, "the PLIC (words only; 6 MiB of it here)"},
    {0x10000000, 0x100000ff, "the UART"},
    {0x10001000, 0x10008fff, "a virtio slot"},
    {0x10100000, 0x10100017, "fw_cfg, which is not here: the device tree says it all"},
    {0x20000000, 0x23ffffff, "flash memory"},
    {0x24000000, 0x2fffffff, "the IMSICs: the PLIC is here instead"},
    {0x30000000, 0x3fffffff, "PCI's configuration space: there is no PCI here"},
    {0x40000000, 0x7fffffff, "PCI's memory: there is no PCI here"},
    {0x80000000, 0xffffffff, "RAM: give --machine virt, or a larger --mem"},
};

static const struct region csrs[] = {
    {0x001, 0x003, "floating point: PZ32 has no FPU (-march=rv32imac -mabi=ilp32)"},
    {0x008, 0x00f, "vectors: PZ32 has none"},
    {0x015, 0x015, "seed, of Zkr: PZ32 has no such extension"},
    {0x14d, 0x15d, "stimecmp, of Sstc: a user program's access"},
    {0x150, 0x153, "indirect access to CSRs, of the AIA: the PLIC is here instead"},
    {0x200, 0x2ff, "the hypervisor extension: PZ32 has none"},
    {0x300, 0x3ff, "machine mode's: kernels start in supervisor mode here, on SBI firmware"},
    {0x600, 0x6ff, "the hypervisor extension: PZ32 has none"},
    {0x700, 0x7ff, "machine mode's, or of debug hardware: not a kernel's"},
    {0xb00, 0xbff, "machine mode's counters: use cycle, time and instret"},
    {0xf11, 0xf15, "machine mode's: the hart's number is in a0 at the entry"},
};

static const char *look_up(const struct region *table, unsigned count, uint32_t value)
{
    for (unsigned i = 0; i < count; i++)
        if (value >= table[i].first && value <= table[i].last)
            return table[i].what;
    return NULL;
}

#define LOOK_UP(table, value) look_up(table, sizeof table / sizeof table[0], value)

/* ---- Instructions ---- */

struct pattern {
    uint32_t mask, match;
    const char *what;
};

static const struct pattern patterns[] = {
    {0xffffffff, 0x30200073, "mret, machine mode's: kernels start in supervisor mode here"},
    {0x0000007f, 0x00000007, "a load of floating point: PZ32 has no FPU (-march=rv32imac)"},
    {0x0000007f, 0x00000027, "a store of floating point: PZ32 has no FPU (-march=rv32imac)"},
    {0x00000073, 0x00000043, "floating point: PZ32 has no FPU (-march=rv32imac)"},
    {0x0000007f, 0x00000057, "of the vector extension: PZ32 has none"},
    {0x0000707f, 0x0000200f, "of cache management (Zicbom): PZ32 has no such extension"},
    {0x0000007f, 0x0000003b, "64-bit code: the kernel is made for RV64"},
    {0x0000007f, 0x0000001b, "64-bit code: the kernel is made for RV64"},
    {0x0000707f, 0x00003003, "64-bit code (ld): the kernel is made for RV64"},
    {0x0000707f, 0x00003023, "64-bit code (sd): the kernel is made for RV64"},
    {0x0000ffff, 0x00000000, "zeros: no code is there"},
    {0x0000e003, 0x00006000, "a load of floating point, or 64-bit code: PZ32 is rv32imac"},
    {0x0000e003, 0x0000e000, "a store of floating point, or 64-bit code: PZ32 is rv32imac"},
};

static bool is_csr_insn(uint32_t bits)
{
    return (bits & 0x7f) == 0x73 && (bits >> 12 & 3);
}

static const char *insn_what(uint32_t bits)
{
    for (unsigned i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        if ((bits & patterns[i].mask) == patterns[i].match)
            return patterns[i].what;
    return "no instruction of PZ32 (rv32imac)";
}

/* ---- The line ---- */

static void put_illegal(uint32_t bits, char *text, size_t size)
{
    const char *what;

    if (!is_csr_insn(bits)) {
        snprintf(text, size, "instruction 0x%08" PRIx32 ": %s", bits, insn_what(bits));
        return;
    }
    what = LOOK_UP(csrs, bits >> 20);
    snprintf(text, size, "CSR 0x%03" PRIx32 ": %s", bits >> 20,
             what ? what : "not of PZ32, or read-only");
}

static bool is_access(uint32_t cause)
{
    return cause == CAUSE_INSN_ACCESS || cause == CAUSE_LOAD_ACCESS ||
           cause == CAUSE_STORE_ACCESS;
}

static void put_fault(const struct session_fault *fault, char *text, size_t size)
{
    const char *what = NULL;

    if (fault->cause == CAUSE_ILLEGAL_INSN) {
        put_illegal(fault->tval, text, size);
        return;
    }
    if (is_access(fault->cause) && !fault->paging)
        what = LOOK_UP(addresses, fault->tval);
    else if (is_access(fault->cause))
        what = "virtual, mapped to where nothing is";
    if (what)
        snprintf(text, size, "address 0x%08" PRIx32 "%s%s", fault->tval,
                 fault->paging ? ", " : ", in QEMU's virt: ", what);
    else
        snprintf(text, size, "address 0x%08" PRIx32, fault->tval);
}

const char *early_text(const struct session_fault *fault, char text[EARLY_TEXT])
{
    char touched[EARLY_TEXT / 2];

    put_fault(fault, touched, sizeof touched);
    snprintf(text, EARLY_TEXT, "%s at pc 0x%08" PRIx32 ", after %" PRIu64 " instructions: %s",
             trace_cause_name(fault->cause), fault->pc, fault->retired, touched);
    return text;
}

static bool applies(const struct session *session, unsigned vm, bool ended_well)
{
    const struct session_port *port = &session->ports[vm];

    return !ended_well && !port->printed && port->fault.seen;
}

void early_report(FILE *out, const struct session *session, unsigned vm, const char *name,
                  bool ended_well)
{
    char text[EARLY_TEXT];

    if (applies(session, vm, ended_well))
        fprintf(out, "%s printed nothing; its first fault: %s\n", name,
                early_text(&session->ports[vm].fault, text));
}

void early_json(json_t *object, const struct session *session, unsigned vm, bool ended_well)
{
    char text[EARLY_TEXT];

    if (applies(session, vm, ended_well))
        json_put_text(object, "first_fault", early_text(&session->ports[vm].fault, text));
}
