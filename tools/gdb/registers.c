/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * registers.c - registers by gdb's numbers: x0 to x31, pc, every CSR in the order of csrs.def,
 * priv. They are those of the virtual CPU: what the guest believes.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "tools/gdb/commands.h"
#include "tools/gdb/document.h"

enum {
    PC = 32,
    CSRS,
    PRIV = CSRS + CSR_COUNT,
    REGISTERS,
};

/* ---- The target's description ---- */

static const char *const names[PC] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                      "fp",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                      "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                      "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

static void describe_cpu(FILE *out)
{
    enum { RA = 1, SP, GP, TP, FP = 8 };

    fputs("<feature name=\"org.gnu.gdb.riscv.cpu\">\n", out);
    for (unsigned i = 0; i < PC; i++) {
        const char *type = i == RA                                    ? "code_ptr"
                           : i == SP || i == GP || i == TP || i == FP ? "data_ptr"
                                                                      : "int";

        fprintf(out, "<reg name=\"%s\" bitsize=\"32\" regnum=\"%u\" type=\"%s\"/>\n", names[i],
                i, type);
    }
    fprintf(out,
            "<reg name=\"pc\" bitsize=\"32\" regnum=\"%u\" type=\"code_ptr\"/>\n</feature>\n",
            PC);
}

static void describe_csrs(FILE *out)
{
    fputs("<feature name=\"org.gnu.gdb.riscv.csr\">\n", out);
    for (unsigned id = 0; id < CSR_COUNT; id++)
        fprintf(
            out,
            "<reg name=\"%s\" bitsize=\"32\" regnum=\"%u\" type=\"uint32\" group=\"csr\"/>\n",
            csr_desc((enum csr_id)id)->name, CSRS + id);
    fputs("</feature>\n", out);
}

void gdb_xfer_features(struct gdb *gdb, const char *text, size_t len)
{
    struct gdb_document document;

    (void)len;
    if (!gdb_document_open(gdb, &document))
        return;
    fputs("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
          "<target version=\"1.0\">\n<architecture>riscv:rv32</architecture>\n",
          document.out);
    describe_cpu(document.out);
    describe_csrs(document.out);
    fprintf(document.out,
            "<feature name=\"org.gnu.gdb.riscv.virtual\">\n"
            "<reg name=\"priv\" bitsize=\"32\" regnum=\"%u\"/>\n</feature>\n</target>\n",
            (unsigned)PRIV);
    gdb_document_answer(gdb, &document, text);
}

/* ---- Values ---- */

static uint32_t get(const struct hart *hart, unsigned number)
{
    if (number < PC)
        return hart->x[number];
    if (number == PC)
        return hart->pc;
    return number == PRIV ? hart->mode : csr_read(hart, (enum csr_id)(number - CSRS));
}

/* Could a CPU hold it? CSRs apply their WARL rules. */
static bool is_possible(unsigned number, uint32_t value)
{
    if (number == PC)
        return !(value & 1);
    return number != PRIV || value <= HART_SUPERVISOR;
}

static void set(struct hart *hart, unsigned number, uint32_t value)
{
    if (number < PC)
        hart->x[number] = number ? value : 0;
    else if (number == PC)
        hart->pc = value;
    else if (number == PRIV)
        hart->mode = (uint8_t)value;
    else if (!csr_read_only(csr_desc((enum csr_id)(number - CSRS))->number))
        csr_write(hart, (enum csr_id)(number - CSRS), value);
}

static void put(struct gdb *gdb, const struct hart *hart, unsigned number)
{
    uint32_t value = get(hart, number);

    gdb_reply_hex(&gdb->reply, &value, sizeof value);
}

/* Under the policy `flush` a root may be older than its satp: none is kept. */
static void edited(struct gdb *gdb)
{
    shadow_drop_all(&gdb_vm(gdb)->shadow);
    gdb->edited = true;
    gdb_ok(gdb);
}

/* ---- Packets ---- */

void gdb_read_all(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    for (unsigned i = 0; i < REGISTERS; i++)
        put(gdb, gdb_hart(gdb), i);
}

void gdb_read_one(struct gdb *gdb, const char *text, size_t len)
{
    uint64_t number;

    (void)len;
    if (!gdb_packet_number(&text, &number) || *text || number >= REGISTERS)
        gdb_malformed(gdb);
    else
        put(gdb, gdb_hart(gdb), (unsigned)number);
}

void gdb_write_all(struct gdb *gdb, const char *text, size_t len)
{
    uint32_t values[REGISTERS];
    bool good = gdb_packet_hex(&text, values, sizeof values) && !*text;

    (void)len;
    for (unsigned i = 0; good && i < REGISTERS; i++)
        good = is_possible(i, values[i]);
    if (!good) {
        gdb_malformed(gdb);
        return;
    }
    if (!gdb_may_edit(gdb))
        return;
    for (unsigned i = 0; i < REGISTERS; i++)
        set(gdb_hart(gdb), i, values[i]);
    edited(gdb);
}

void gdb_write_one(struct gdb *gdb, const char *text, size_t len)
{
    uint64_t number;
    uint32_t value;

    (void)len;
    if (!gdb_packet_number(&text, &number) || number >= REGISTERS ||
        !gdb_packet_char(&text, '=') || !gdb_packet_hex(&text, &value, sizeof value) || *text ||
        !is_possible((unsigned)number, value)) {
        gdb_malformed(gdb);
        return;
    }
    if (!gdb_may_edit(gdb))
        return;
    set(gdb_hart(gdb), (unsigned)number, value);
    edited(gdb);
}

void gdb_expedite(struct gdb *gdb, unsigned thread)
{
    static const uint8_t wanted[] = {PC, 1, 2, 8};

    for (unsigned i = 0; i < sizeof wanted; i++) {
        gdb_reply_format(&gdb->reply, "%02x:", wanted[i]);
        put(gdb, &gdb_thread_cpu(gdb, thread)->hart, wanted[i]);
        gdb_reply_format(&gdb->reply, ";");
    }
}
