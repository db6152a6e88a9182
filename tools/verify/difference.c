/* SPDX-License-Identifier: GPL-2.0-or-later */
/* difference.c - a table of a hart's fields, so that none is forgotten. */
#include "tools/verify/difference.h"

#include <stdio.h>

#include "tools/show/show.h"

void difference_add(struct difference *difference, const char *name, uint64_t bare, uint64_t vm)
{
    struct difference_field *field = &difference->fields[difference->count];

    if (difference->count == DIFFERENCE_FIELDS)
        return;
    snprintf(field->name, sizeof field->name, "%s", name);
    field->bare = bare;
    field->vm = vm;
    difference->count++;
}

static void compare(struct difference *difference, const char *name, uint64_t bare, uint64_t vm)
{
    if (bare != vm)
        difference_add(difference, name, bare, vm);
}

static void compare_registers(struct difference *difference)
{
    for (unsigned i = 0; i < 32; i++)
        compare(difference, format_reg(i), difference->bare.hart.x[i],
                difference->vm.hart.x[i]);
}

static void compare_csrs(struct difference *difference)
{
    const struct hart *a = &difference->bare.hart, *b = &difference->vm.hart;
    const struct {
        const char *name;
        uint32_t bare, vm;
    } csrs[] = {
        {"sstatus", a->sstatus, b->sstatus},
        {"sie", a->sie, b->sie},
        {"sip", a->sip, b->sip},
        {"stvec", a->stvec, b->stvec},
        {"sscratch", a->sscratch, b->sscratch},
        {"sepc", a->sepc, b->sepc},
        {"scause", a->scause, b->scause},
        {"stval", a->stval, b->stval},
        {"scounteren", a->scounteren, b->scounteren},
        {"senvcfg", a->senvcfg, b->senvcfg},
        {"satp", a->satp, b->satp},
    };

    for (unsigned i = 0; i < sizeof csrs / sizeof csrs[0]; i++)
        compare(difference, csrs[i].name, csrs[i].bare, csrs[i].vm);
}

static void compare_reservation(struct difference *difference)
{
    const struct reservation *a = &difference->bare.hart.reservation;
    const struct reservation *b = &difference->vm.hart.reservation;

    compare(difference, "reservation", a->valid, b->valid);
    if (a->valid && b->valid) {
        compare(difference, "reservation.va", a->va, b->va);
        compare(difference, "reservation.value", a->value, b->value);
    }
}

void difference_list(struct difference *difference)
{
    const struct difference_point *bare = &difference->bare, *vm = &difference->vm;

    compare(difference, "retired", bare->hart.retired, vm->hart.retired);
    compare(difference, "pc", bare->hart.pc, vm->hart.pc);
    compare(difference, "mode", bare->hart.mode, vm->hart.mode);
    compare(difference, "trap cause", bare->trap.cause, vm->trap.cause);
    compare(difference, "trap tval", bare->trap.tval, vm->trap.tval);
    compare(difference, "time", hart_time(&bare->hart), hart_time(&vm->hart));
    compare_registers(difference);
    compare_csrs(difference);
    compare_reservation(difference);
    compare(difference, "console bytes", bare->console_len, vm->console_len);
}

/* 16 bits of an instruction; if there are none, 0, which is no instruction. */
static uint32_t parcel(const struct sv32_space *space, uint32_t va)
{
    struct sv32_walk walk;
    uint16_t bits;
    const uint8_t *host;

    if (sv32_probe(space, va, ACCESS_FETCH, &walk) != SV32_OK)
        return 0;
    host = phys_host(space->phys, walk.pa, false);
    if (!host)
        return 0;
    memcpy(&bits, host, sizeof bits);
    return bits;
}

static uint32_t fetch(const struct sv32_space *space, uint32_t va)
{
    uint32_t low = parcel(space, va);

    return insn_is_wide(low) ? parcel(space, va + 2) << 16 | low : low;
}

/* Does decoding from `start` on reach pc exactly? */
static bool leads_to(const struct sv32_space *space, uint32_t start, uint32_t pc)
{
    while (start < pc)
        start += insn_is_wide(parcel(space, start)) ? 4 : 2;
    return start == pc;
}

static uint32_t some_before(const struct sv32_space *space, uint32_t pc)
{
    for (uint32_t back = 12; back > 0; back -= 2)
        if (pc >= back && leads_to(space, pc - back, pc))
            return pc - back;
    return pc;
}

void difference_show_code(struct difference_code *code, const struct hart *hart,
                          struct phys *phys, const struct disasm *disasm)
{
    struct sv32_space space = sv32_space_of(hart, phys);
    uint32_t at = some_before(&space, hart->pc);

    for (code->count = 0; code->count < DIFFERENCE_CODE; code->count++) {
        code->lines[code->count].pc = at;
        code->lines[code->count].here = at == hart->pc;
        at += disasm_text(disasm, fetch(&space, at), at, code->lines[code->count].text,
                          DISASM_TEXT);
    }
}
