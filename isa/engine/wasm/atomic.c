/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * atomic.c - atomic instructions on RAM, found as for a store: one hart runs at a time, so they are
 * loads and stores. Devices, and what traps, are left to the interpreter.
 */
#include "isa/engine/wasm/internal.h"

/* After locating, LOCAL_ENTRY is free for the host address, and LOCAL_VA for a value. */
#define LOCAL_AT LOCAL_ENTRY

static void load_at(struct emit *e)
{
    emit_op_n(e, OP_LOCAL_GET, LOCAL_AT);
    emit_memory(e, OP_I32_LOAD, 2, 0);
}

/* ---- LR and SC ---- */

#define RESERVATION(field) ((uint32_t)offsetof(struct hart, reservation.field))

static void get_reservation(struct emit *e, enum emit_op op, unsigned align, uint32_t offset)
{
    emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
    emit_memory(e, op, align, offset);
}

static void set_valid(struct emit *e, bool valid)
{
    emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
    emit_const(e, valid);
    emit_memory(e, OP_I32_STORE8, 0, RESERVATION(valid));
}

static void emit_lr(struct region *region, const struct insn *insn)
{
    struct emit *e = &region->e;

    rows_locate(region, insn, ACCESS_LOAD);
    emit_memory(e, OP_I32_LOAD, 2, 0);
    emit_op_n(e, OP_LOCAL_SET, LOCAL_AT); /* the value */
    emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_memory(e, OP_I32_STORE, 2, RESERVATION(va));
    emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_AT);
    emit_memory(e, OP_I32_STORE, 2, RESERVATION(value));
    set_valid(e, true);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_AT);
    rows_set(region, insn->rd);
}

/* Is the reservation for this address, and memory as it was? To LOCAL_VA. */
static void emit_success(struct emit *e)
{
    get_reservation(e, OP_I32_LOAD, 2, RESERVATION(va));
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_op(e, OP_I32_EQ);
    get_reservation(e, OP_I32_LOAD, 2, RESERVATION(value));
    load_at(e);
    emit_op(e, OP_I32_EQ);
    emit_op(e, OP_I32_AND);
    get_reservation(e, OP_I32_LOAD8_U, 0, RESERVATION(valid));
    emit_op(e, OP_I32_AND);
    emit_op_n(e, OP_LOCAL_SET, LOCAL_VA);
}

static void emit_sc(struct region *region, const struct insn *insn)
{
    struct emit *e = &region->e;

    rows_locate(region, insn, ACCESS_STORE);
    emit_op_n(e, OP_LOCAL_SET, LOCAL_AT);
    emit_success(e);
    rows_have_local(region, insn->rs2);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_op_n(e, OP_IF, TYPE_NONE);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_AT);
    rows_get(region, insn->rs2);
    emit_memory(e, OP_I32_STORE, 2, 0);
    emit_op(e, OP_END);
    set_valid(e, false);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_op(e, OP_I32_EQZ);
    rows_set(region, insn->rd);
}

/* ---- Operations ---- */

/* What makes the new value of the old one and the operand; or what compares them, to choose. */
static enum emit_op op_of(const struct insn *insn, bool *chooses)
{
    *chooses = false;
    switch (insn->id) {
    case INSN_amoadd_w: return OP_I32_ADD;
    case INSN_amoxor_w: return OP_I32_XOR;
    case INSN_amoand_w: return OP_I32_AND;
    case INSN_amoor_w: return OP_I32_OR;
    default: break;
    }
    *chooses = true;
    switch (insn->id) {
    case INSN_amomin_w: return OP_I32_LT_S;
    case INSN_amomax_w: return OP_I32_GT_S;
    case INSN_amominu_w: return OP_I32_LT_U;
    default: return OP_I32_GT_U;
    }
}

/* The old value is in LOCAL_VA. */
static void emit_new_value(struct region *region, const struct insn *insn)
{
    struct emit *e = &region->e;
    bool chooses;
    enum emit_op op = op_of(insn, &chooses);

    if (insn->id == INSN_amoswap_w) {
        rows_get(region, insn->rs2);
        return;
    }
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    rows_get(region, insn->rs2);
    if (chooses) {
        emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
        rows_get(region, insn->rs2);
    }
    emit_op(e, op);
    if (chooses)
        emit_op(e, OP_SELECT);
}

static void emit_amo(struct region *region, const struct insn *insn)
{
    struct emit *e = &region->e;

    rows_locate(region, insn, ACCESS_STORE);
    emit_op_n(e, OP_LOCAL_SET, LOCAL_AT);
    load_at(e);
    emit_op_n(e, OP_LOCAL_SET, LOCAL_VA);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_AT);
    emit_new_value(region, insn);
    emit_memory(e, OP_I32_STORE, 2, 0);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    rows_set(region, insn->rd);
}

bool atomic_emit(struct region *region, const struct insn *insn)
{
    if (insn->id == INSN_lr_w)
        emit_lr(region, insn);
    else if (insn->id == INSN_sc_w)
        emit_sc(region, insn);
    else
        emit_amo(region, insn);
    return true;
}
