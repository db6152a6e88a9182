/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fields.c - the fields that a step read and changed. Which ones it read is known from its
 * kind; which ones it changed is found by comparing the state before and after it.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/memory.h"
#include "tools/debug/steps.h"
#include "tools/show/show.h"

enum { RA = 1, SP = 2, A0 = 10, A1 = 11, A6 = 16, A7 = 17 };

static void add(struct debug_fields *fields, const char *name, enum debug_form form,
                uint64_t before, uint64_t after)
{
    struct debug_field *field;

    if (fields->count == DEBUG_CHANGES)
        return;
    field = &fields->at[fields->count++];
    *field = (struct debug_field){.form = (uint8_t)form, .before = before, .after = after};
    (void)!snprintf(field->name, sizeof field->name, "%s", name);
}

static void add_change(struct debug_fields *fields, const char *name, enum debug_form form,
                       uint64_t before, uint64_t after)
{
    if (before != after)
        add(fields, name, form, before, after);
}

static void add_read(struct debug_fields *fields, const char *name, enum debug_form form,
                     uint64_t value)
{
    add(fields, name, form, value, value);
}

/* ---- Changes ---- */

/* CSRs that hold state. The counters are computed from `retired` and `skipped`. */
static void csr_changes(const struct hart *a, const struct hart *b,
                        struct debug_fields *changes)
{
    for (int id = 0; id < CSR_COUNT; id++)
        if (!csr_counts((enum csr_id)id))
            add_change(changes, csr_desc((enum csr_id)id)->name, DEBUG_HEX,
                       csr_read(a, (enum csr_id)id), csr_read(b, (enum csr_id)id));
}

static void hart_changes(const struct hart *a, const struct hart *b,
                         struct debug_fields *changes)
{
    for (unsigned i = 1; i < 32; i++)
        add_change(changes, format_reg(i), DEBUG_HEX, a->x[i], b->x[i]);
    csr_changes(a, b, changes);
    add_change(changes, "mode", DEBUG_MODE, a->mode, b->mode);
    add_change(changes, "pc", DEBUG_HEX, a->pc, b->pc);
    add_change(changes, "retired", DEBUG_DECIMAL, a->retired, b->retired);
    add_change(changes, "skipped ticks", DEBUG_DECIMAL, a->skipped, b->skipped);
    add_change(changes, "reservation", DEBUG_DECIMAL, a->reservation.valid,
               b->reservation.valid);
}

static void byte_changes(const char *const *names, const uint8_t *a, const uint8_t *b,
                         unsigned count, struct debug_fields *changes)
{
    for (unsigned i = 0; i < count; i++)
        if (names[i])
            add_change(changes, names[i], DEBUG_HEX, a[i], b[i]);
}

static void console_changes(const struct console *a, const struct console *b,
                            struct debug_fields *changes)
{
    static const char *const registers[UART_REGISTERS] = {[UART_IER] = "uart IER",
                                                          [UART_FCR] = "uart FCR",
                                                          [UART_LCR] = "uart LCR",
                                                          [UART_MCR] = "uart MCR",
                                                          [UART_SCR] = "uart SCR"};
    static const char *const latches[] = {"uart DLL", "uart DLM"};

    byte_changes(registers, a->uart.at, b->uart.at, UART_REGISTERS, changes);
    byte_changes(latches, a->uart.latch, b->uart.latch, 2, changes);
    add_change(changes, "bytes looped", DEBUG_DECIMAL, a->uart.count, b->uart.count);
    add_change(changes, "byte typed ahead", DEBUG_HEX, (uint16_t)a->ahead, (uint16_t)b->ahead);
}

void debug_changes(const struct debug_shot *before, const struct debug_shot *after,
                   struct debug_fields *changes)
{
    changes->count = 0;
    add_change(changes, "the CPU's world", DEBUG_WORLD, before->world, after->world);
    hart_changes(&before->hart, &after->hart, changes);
    console_changes(&before->console, &after->console, changes);
    add_change(changes, "timer deadline", DEBUG_HEX, before->deadline, after->deadline);
    add_change(changes, "wakes at", DEBUG_DECIMAL, before->wake, after->wake);
    if (before->has_pte && after->has_pte && before->pte_pa == after->pte_pa)
        add_change(changes, "guest entry", DEBUG_FLAGS, before->pte, after->pte);
    add_change(changes, "shadow entry", DEBUG_FLAGS, before->shadow, after->shadow);
    if (before->has_word && after->has_word)
        add_change(changes, "memory word", DEBUG_HEX, before->word, after->word);
    add_change(changes, "shadow fills", DEBUG_DECIMAL, before->fills, after->fills);
    add_change(changes, "shadow drops", DEBUG_DECIMAL, before->drops, after->drops);
    add_change(changes, "the CPU's root", DEBUG_HEX, before->root, after->root);
    add_change(changes, "the VM", DEBUG_END, before->end, after->end);
}

/* ---- Reads ---- */

static void add_register(struct debug_fields *reads, const struct hart *hart, unsigned number)
{
    if (number)
        add_read(reads, format_reg(number), DEBUG_HEX, hart->x[number]);
}

static void read_csr(struct debug_fields *reads, const struct hart *hart,
                     const struct insn *insn)
{
    enum csr_id csr = csr_find((uint32_t)insn->imm);
    bool write_only = insn->rd == 0 && (insn->id == INSN_csrrw || insn->id == INSN_csrrwi);

    if (insn_desc((enum insn_id)insn->id)->format == FORMAT_CSR)
        add_register(reads, hart, insn->rs1);
    if (csr != CSR_NONE && !write_only)
        add_read(reads, csr_desc(csr)->name, DEBUG_HEX, csr_read(hart, csr));
}

static void read_special(struct debug_fields *reads, const struct debug_shot *shot,
                         enum insn_id id)
{
    const struct hart *hart = &shot->hart;

    if (id == INSN_sret) {
        add_read(reads, "sepc", DEBUG_HEX, hart->sepc);
        add_read(reads, "sstatus", DEBUG_HEX, hart->sstatus);
    }
    if (id == INSN_wfi) {
        add_read(reads, "sie", DEBUG_HEX, hart->sie);
        add_read(reads, "sip", DEBUG_HEX, hart->sip);
    }
}

static void read_insn(struct debug_fields *reads, const struct debug_shot *shot,
                      const struct insn *insn)
{
    const struct hart *hart = &shot->hart;

    add_read(reads, "mode", DEBUG_MODE, hart->mode);
    if (insn->id == INSN_ILLEGAL)
        return;
    switch ((enum insn_format)insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_CSR:
    case FORMAT_CSRI: read_csr(reads, hart, insn); break;
    case FORMAT_I:
    case FORMAT_SHIFT:
    case FORMAT_LOAD:
    case FORMAT_JALR:
    case FORMAT_LR: add_register(reads, hart, insn->rs1); break;
    case FORMAT_R:
    case FORMAT_STORE:
    case FORMAT_B:
    case FORMAT_AMO:
    case FORMAT_SFENCE:
        add_register(reads, hart, insn->rs1);
        add_register(reads, hart, insn->rs2);
        break;
    case FORMAT_U:
    case FORMAT_J:
    case FORMAT_FENCE:
    case FORMAT_NONE: read_special(reads, shot, (enum insn_id)insn->id); break;
    }
}

static void read_space(struct debug_fields *reads, const struct hart *hart)
{
    add_read(reads, "satp", DEBUG_HEX, hart->satp);
    add_read(reads, "mode", DEBUG_MODE, hart->mode);
    add_read(reads, "SUM", DEBUG_DECIMAL, !!(hart->sstatus & SSTATUS_SUM));
    add_read(reads, "MXR", DEBUG_DECIMAL, !!(hart->sstatus & SSTATUS_MXR));
}

static void read_walk(struct debug_fields *reads, const struct debug_step *step)
{
    read_space(reads, &step->before.hart);
    if (step->before.has_pte) {
        add_read(reads, "entry at gpa", DEBUG_HEX, step->before.pte_pa);
        add_read(reads, "guest entry", DEBUG_FLAGS, step->before.pte);
    }
}

static void read_trap_entry(struct debug_fields *reads, const struct hart *hart)
{
    add_read(reads, "stvec", DEBUG_HEX, hart->stvec);
    add_read(reads, "sstatus", DEBUG_HEX, hart->sstatus);
    add_read(reads, "mode", DEBUG_MODE, hart->mode);
    add_read(reads, "pc", DEBUG_HEX, hart->pc);
}

static void read_sbi(struct debug_fields *reads, const struct hart *hart)
{
    add_read(reads, "a7", DEBUG_HEX, hart->x[A7]);
    add_read(reads, "a6", DEBUG_HEX, hart->x[A6]);
    add_read(reads, "a0", DEBUG_HEX, hart->x[A0]);
    add_read(reads, "a1", DEBUG_HEX, hart->x[A1]);
}

static void read_interrupt(struct debug_fields *reads, const struct debug_step *step)
{
    add_read(reads, "time", DEBUG_DECIMAL, hart_time(&step->before.hart));
    add_read(reads, "timer deadline", DEBUG_DECIMAL, step->before.deadline);
    add_read(reads, "sip", DEBUG_HEX, step->before.hart.sip);
    add_read(reads, "sie", DEBUG_HEX, step->before.hart.sie);
    read_trap_entry(reads, &step->before.hart);
}

static void read_pending(struct debug_fields *reads, const struct debug_shot *shot)
{
    add_read(reads, "time", DEBUG_DECIMAL, hart_time(&shot->hart));
    add_read(reads, "timer deadline", DEBUG_DECIMAL, shot->deadline);
    add_read(reads, "sie", DEBUG_HEX, shot->hart.sie);
    add_read(reads, "sstatus", DEBUG_HEX, shot->hart.sstatus);
    add_read(reads, "mode", DEBUG_MODE, shot->hart.mode);
}

static void read_exit(struct debug_fields *reads, const struct debug_step *step)
{
    add_read(reads, "cause", DEBUG_DECIMAL, step->trap.cause);
    add_read(reads, "tval", DEBUG_HEX, step->trap.tval);
    add_read(reads, "pc", DEBUG_HEX, step->before.hart.pc);
    if (trace_is_second_stage(step->trap.cause)) {
        add_read(reads, "GVA", DEBUG_DECIMAL, trap_gva(&step->trap));
        add_read(reads, "gpa", DEBUG_HEX, step->gpa);
    }
    add_read(reads, "the CPU's root", DEBUG_HEX, step->before.root);
}

void debug_reads(const struct debug_step *step, struct debug_fields *reads)
{
    const struct hart *hart = &step->before.hart;

    reads->count = 0;
    switch ((enum probe_point)step->point) {
    case PROBE_EXIT: read_exit(reads, step); break;
    case PROBE_EMULATE:
        read_insn(reads, &step->before, &step->insn);
        if (step->on_device)
            add_read(reads, "gpa", DEBUG_HEX, step->gpa);
        break;
    case PROBE_WALK: read_walk(reads, step); break;
    case PROBE_FILL:
        add_read(reads, "guest entry", DEBUG_FLAGS, step->before.pte);
        add_read(reads, "machine page", DEBUG_HEX, step->mapping.mpa.v);
        break;
    case PROBE_ATTACH: add_read(reads, "gpa", DEBUG_HEX, step->gpa); break;
    case PROBE_INJECT: read_trap_entry(reads, hart); break;
    case PROBE_SBI:
    case PROBE_PARA: read_sbi(reads, hart); break;
    case PROBE_INTERRUPT: read_interrupt(reads, step); break;
    case PROBE_SPACE: read_space(reads, hart); break;
    case PROBE_LOOK: read_pending(reads, &step->before); break;
    case PROBE_DECODE: add_read(reads, "bits", DEBUG_HEX, step->insn.raw); break;
    case PROBE_HANDLER:
    case PROBE_RECONCILE:
    case PROBE_SWITCH:
    case PROBE_ENTER:
    case PROBE_RESUME:
    case PROBE_RESTART:
    case PROBE_END: break;
    }
}

/* ---- Values as text ---- */

const char *debug_pte_flags(uint32_t pte, char text[DEBUG_PTE])
{
    static const char letters[] = "DAGUXWRV";

    for (unsigned i = 0; i < 8; i++)
        text[i] = (char)(pte & 1u << (7 - i) ? letters[i] : '-');
    text[8] = 0;
    return text;
}

const char *debug_value_text(enum debug_form form, uint64_t value, char text[DEBUG_SENTENCE])
{
    char flags[DEBUG_PTE];

    switch (form) {
    case DEBUG_DECIMAL:
        if (value == UINT64_MAX)
            (void)!snprintf(text, DEBUG_SENTENCE, "never");
        else
            (void)text_grouped(value, text);
        break;
    case DEBUG_MODE:
        (void)!snprintf(text, DEBUG_SENTENCE, "%s", debug_mode((unsigned)value));
        break;
    case DEBUG_WORLD:
        if (value)
            (void)!snprintf(text, DEBUG_SENTENCE, "vm%" PRIu64, value - 1);
        else
            (void)!snprintf(text, DEBUG_SENTENCE, "none");
        break;
    case DEBUG_END:
        (void)!snprintf(text, DEBUG_SENTENCE, "%s", vm_end_text((enum vm_end)value));
        break;
    case DEBUG_FLAGS:
        (void)!snprintf(text, DEBUG_SENTENCE, "0x%08" PRIx64 " (page 0x%" PRIx64 " %s)", value,
                        value >> 10, debug_pte_flags((uint32_t)value, flags));
        break;
    case DEBUG_HEX:
        if (value == UINT64_MAX)
            (void)!snprintf(text, DEBUG_SENTENCE, "never");
        else
            (void)!snprintf(text, DEBUG_SENTENCE, "0x%08" PRIx64, value);
        break;
    }
    return text;
}

static const char *arrow(void)
{
    return text_utf8() ? "\u2192" : "->";
}

void debug_print_reads(FILE *out, const struct debug_fields *reads, const char *indent)
{
    char value[DEBUG_SENTENCE];

    for (unsigned i = 0; i < reads->count; i++)
        fprintf(
            out, "%s%s %s", i ? ", " : indent, reads->at[i].name,
            debug_value_text((enum debug_form)reads->at[i].form, reads->at[i].before, value));
    if (reads->count)
        fputc('\n', out);
}

void debug_print_changes(FILE *out, const struct debug_fields *changes, const char *indent)
{
    char before[DEBUG_SENTENCE], after[DEBUG_SENTENCE];

    for (unsigned i = 0; i < changes->count; i++) {
        const struct debug_field *field = &changes->at[i];
        enum debug_form form = (enum debug_form)field->form;

        fprintf(out, "%s%s: %s %s %s\n", indent, field->name,
                debug_value_text(form, field->before, before), arrow(),
                debug_value_text(form, field->after, after));
    }
}

/* ---- Values as JSON ---- */

static json_t *json_value(const struct debug_field *field, uint64_t value)
{
    char text[DEBUG_SENTENCE];

    switch ((enum debug_form)field->form) {
    case DEBUG_MODE:
    case DEBUG_WORLD:
    case DEBUG_END:
        return json_string(debug_value_text((enum debug_form)field->form, value, text));
    case DEBUG_HEX:
    case DEBUG_DECIMAL:
    case DEBUG_FLAGS: break;
    }
    return value > INT64_MAX ? json_null() : json_integer((json_int_t)value);
}

json_t *debug_json_reads(const struct debug_fields *reads)
{
    json_t *object = json_object();

    for (unsigned i = 0; i < reads->count; i++)
        json_put(object, reads->at[i].name, json_value(&reads->at[i], reads->at[i].before));
    return object;
}

json_t *debug_json_changes(const struct debug_fields *changes)
{
    json_t *object = json_object();

    for (unsigned i = 0; i < changes->count; i++) {
        json_t *pair = json_array();

        (void)json_array_append_new(pair, json_value(&changes->at[i], changes->at[i].before));
        (void)json_array_append_new(pair, json_value(&changes->at[i], changes->at[i].after));
        json_put(object, changes->at[i].name, pair);
    }
    return object;
}
