/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_verify.c - whether each body is right: that every instruction finds operands of its types,
 * that every jump has a label, and every index something that it names. Whatever the interpreter
 * takes on trust is decided here, once. Code is made on the way (hll_emit.c).
 */
#include "hll_verify.h"

#include <stddef.h>
#include <string.h>

static void push_control(struct hll_verifier *v, enum hll_frame_kind kind, struct hll_control c)
{
    if (v->controls == HLL_MAX_NESTING) {
        hll_refuse(v->m, "blocks nested more than 1024 deep");
        return;
    }
    c.kind = (uint8_t)kind;
    c.height = v->operands;
    c.place = v->place;
    c.start = v->words;
    c.dead = v->controls > 0 && !hll_live(v);
    c.unreachable = false;
    v->control[v->controls++] = c;
    if (v->controls > v->most_controls)
        v->most_controls = v->controls;
    v->last_to = 0;
    hll_push_types(v, c.in, c.ins);
}

static void set_unreachable(struct hll_verifier *v)
{
    struct hll_control *c = hll_top(v);

    while (v->operands > c->height)
        hll_pop(v, HLL_ANY);
    c->unreachable = true;
}

/* A block's type: none, one result, or an index of a function's type. */
static struct hll_control block_type(struct hll_verifier *v)
{
    static const uint8_t i32 = HLL_I32, i64 = HLL_I64;
    struct hll *m = v->m;
    struct hll_control c = {0};
    int64_t index;

    if (m->at < m->end && m->bytes[m->at] == 0x40) {
        m->at++;
        return c;
    }
    if (m->at < m->end && m->bytes[m->at] > 0x40 && m->bytes[m->at] < 0x80) {
        c.out = hll_value_type(m) == HLL_I64 ? &i64 : &i32;
        c.outs = 1;
        return c;
    }
    index = hll_s33(m);
    if (index < 0 || index >= m->types) {
        hll_refuse(m, "unknown type");
        return c;
    }
    c.in = m->type[index].param;
    c.ins = m->type[index].params;
    c.out = m->type[index].result;
    c.outs = m->type[index].results;
    return c;
}

static void begin_block(struct hll_verifier *v, enum hll_frame_kind kind)
{
    struct hll_control c = block_type(v);
    struct hll_operand condition = {0};
    uint32_t place = 0;

    if (kind == HLL_IF) {
        condition = hll_pop(v, HLL_I32);
        place = hll_place(v, condition);
    }
    hll_settle(v);
    hll_pop_types(v, c.in, c.ins);
    if (v->m->why)
        return;
    if (kind == HLL_IF) {
        hll_emit_op(v, HLL_JUMP_UNLESS);
        hll_emit_place(v, place);
        hll_emit_label(v, NULL, &c.if_not);
    }
    push_control(v, kind, c);
}

/* The block's results are on top, and nothing else; they go to where the block began. */
static void check_results(struct hll_verifier *v)
{
    struct hll_control *c = hll_top(v);

    hll_settle(v);
    hll_pop_types(v, c->out, c->outs);
    if (v->operands != c->height)
        hll_refuse(v->m, "type mismatch: operands are left at the end of a block");
}

static void begin_else(struct hll_verifier *v)
{
    struct hll_control *c = hll_top(v);

    if (c->kind != HLL_IF) {
        hll_refuse(v->m, "else without if");
        return;
    }
    check_results(v);
    hll_emit_op(v, HLL_JUMP);
    hll_emit_label(v, NULL, &c->fixups);
    c->kind = HLL_ELSE;
    c->unreachable = false;
    v->place = c->place;
    hll_fix(v, &c->if_not);
    hll_push_types(v, c->in, c->ins);
}

static bool same_types(const struct hll_control *c)
{
    return c->ins == c->outs && (c->ins == 0 || memcmp(c->in, c->out, c->ins) == 0);
}

static void end_block(struct hll_verifier *v)
{
    struct hll_control c;

    check_results(v);
    c = *hll_top(v);
    if (c.kind == HLL_IF && !same_types(&c))
        hll_refuse(v->m, "type mismatch: an if without else that changes the operands");
    hll_fix(v, &c.if_not);
    hll_fix(v, &c.fixups);
    v->place = c.place;
    if (v->controls == 1) { /* the body: its label is the return */
        hll_top(v)->unreachable = false;
        hll_push_types(v, c.out, c.outs);
        hll_emit_op(v, HLL_RETURN);
        hll_emit_place(v, c.place);
        hll_emit(v, v->place - c.place);
        v->controls--;
        return;
    }
    v->controls--;
    hll_push_types(v, c.out, c.outs);
}

static struct hll_control *label(struct hll_verifier *v)
{
    uint32_t depth = hll_u32(v->m);

    if (depth >= v->controls) {
        hll_refuse(v->m, "unknown label");
        return hll_top(v);
    }
    return &v->control[v->controls - 1 - depth];
}

static const uint8_t *label_types(const struct hll_control *c, uint32_t *n)
{
    *n = c->kind == HLL_LOOP ? c->ins : c->outs;
    return c->kind == HLL_LOOP ? c->in : c->out;
}

/*
 * What a jump takes along is there. Popped and pushed again, as the specification has it: code
 * that is never reached may have operands of any type, and those get the label's.
 */
static void check_label(struct hll_verifier *v, const struct hll_control *c)
{
    uint32_t n;
    const uint8_t *types = label_types(c, &n);

    hll_settle(v);
    hll_pop_types(v, types, n);
    hll_push_types(v, types, n);
}

/* The same of one of several labels: what it finds stays as it is. Nothing is pending. */
static void look_at_label(struct hll_verifier *v, const struct hll_control *c)
{
    uint32_t operands = v->operands, place = v->place, n;
    const uint8_t *types = label_types(c, &n);

    hll_pop_types(v, types, n);
    v->operands = operands;
    v->place = place;
}

static void jump(struct hll_verifier *v)
{
    struct hll_control *c = label(v);

    check_label(v, c);
    hll_emit_jump(v, c);
    set_unreachable(v);
}

static void jump_if(struct hll_verifier *v)
{
    struct hll_control *c = label(v);
    struct hll_operand condition = hll_pop(v, HLL_I32);
    uint32_t place = hll_place(v, condition), past = 0;

    check_label(v, c);
    if (!hll_jump_moves(v, c)) {
        hll_emit_op(v, c->kind == HLL_LOOP ? HLL_BACK_IF : HLL_JUMP_IF);
        hll_emit_place(v, place);
        hll_emit_label(v, c, &c->fixups);
        return;
    }
    hll_emit_op(v, HLL_JUMP_UNLESS);
    hll_emit_place(v, place);
    hll_emit_label(v, NULL, &past);
    hll_emit_jump(v, c);
    hll_fix(v, &past);
}

/* Each target of a switch has code of its own, which moves what the label takes and jumps. */
static void jump_table(struct hll_verifier *v)
{
    struct hll *m = v->m;
    struct hll_operand index = hll_pop(v, HLL_I32);
    uint32_t place = hll_place(v, index);
    uint32_t n = hll_count(m, UINT32_MAX, ""), table, arity = 0, outs;

    hll_settle(v);
    hll_emit_op(v, HLL_SWITCH);
    hll_emit_place(v, place);
    hll_emit(v, n);
    table = v->words;
    for (uint32_t i = 0; i <= n && !m->why; i++)
        hll_emit(v, 0);
    for (uint32_t i = 0; i <= n && !m->why; i++) {
        struct hll_control *c = label(v);

        label_types(c, &outs);
        if (i > 0 && outs != arity)
            hll_refuse(m, "type mismatch: labels that take different operands");
        arity = outs;
        if (!m->why && hll_live(v))
            v->code[table + i] = v->words;
        look_at_label(v, c);
        hll_emit_jump(v, c);
    }
    if (!m->why)
        set_unreachable(v);
}

static void do_return(struct hll_verifier *v)
{
    struct hll_control *body = &v->control[0];
    uint32_t words = v->f->sig->result_words;

    check_label(v, body);
    hll_emit_op(v, HLL_RETURN);
    hll_emit_place(v, v->place - words);
    hll_emit(v, words);
    set_unreachable(v);
}

/* Arguments are in their places, which become the first of the callee's frame. */
static void take_arguments(struct hll_verifier *v, const struct hll_sig *t)
{
    hll_settle(v);
    hll_pop_types(v, t->param, t->params);
}

static void call(struct hll_verifier *v)
{
    uint32_t i = hll_u32(v->m);
    const struct hll_sig *t;

    if (i >= v->m->functions) {
        hll_refuse(v->m, "unknown function");
        return;
    }
    t = v->m->function[i].sig;
    take_arguments(v, t);
    hll_emit_op(v, HLL_CALL);
    hll_emit(v, i);
    hll_emit_place(v, v->place);
    hll_push_types(v, t->result, t->results);
}

static void call_indirect(struct hll_verifier *v)
{
    struct hll *m = v->m;
    uint32_t i = hll_u32(m), place;
    struct hll_operand element;

    if (hll_u32(m) != 0 || !m->has_table)
        hll_refuse(m, "unknown table");
    else if (i >= m->types)
        hll_refuse(m, "unknown type");
    if (m->why)
        return;
    element = hll_pop(v, HLL_I32);
    place = hll_place(v, element);
    take_arguments(v, &m->type[i]);
    hll_emit_op(v, HLL_CALL_INDIRECT);
    hll_emit_place(v, place);
    hll_emit(v, m->type[i].same);
    hll_emit_place(v, v->place);
    hll_push_types(v, m->type[i].result, m->type[i].results);
}

static void do_select(struct hll_verifier *v, uint8_t type)
{
    uint32_t condition = hll_place(v, hll_pop(v, HLL_I32));
    struct hll_operand b = hll_pop(v, type);
    struct hll_operand a = hll_pop(v, type);
    uint32_t b_place = hll_place(v, b), a_place = hll_place(v, a);

    if (a.type != b.type && a.type != HLL_ANY && b.type != HLL_ANY)
        hll_refuse(v->m, "type mismatch");
    type = a.type == HLL_ANY ? b.type : a.type;
    hll_emit_op(v, type == HLL_I64 ? HLL_SELECT2 : HLL_SELECT);
    hll_emit_to(v);
    hll_emit_place(v, a_place);
    hll_emit_place(v, b_place);
    hll_emit_place(v, condition);
    hll_push(v, type);
}

static void select_typed(struct hll_verifier *v)
{
    if (hll_u32(v->m) != 1)
        hll_refuse(v->m, "invalid result arity");
    do_select(v, hll_value_type(v->m));
}

static uint32_t local_index(struct hll_verifier *v)
{
    uint32_t i = hll_u32(v->m);

    if (i < v->locals)
        return i;
    hll_refuse(v->m, "unknown local");
    return 0;
}

/* If the value has just been computed, into its place, it is computed into the local instead. */
static void set_local(struct hll_verifier *v, bool keep)
{
    uint32_t i = local_index(v), last = v->last_to;
    struct hll_local *l = &v->local[i];
    struct hll_operand o;
    bool direct;

    if (v->m->why)
        return;
    o = hll_pop(v, l->type);
    direct = last && o.kind == HLL_HOME && l->pending == 0 && hll_live(v);
    if (direct) {
        v->code[last] = l->place * (uint32_t)sizeof(uint32_t);
    } else if (!(o.kind == HLL_LOCAL && o.ref == i)) {
        hll_settle_local(v, l);
        hll_emit_move(v, l->place, o);
    }
    v->last_to = 0;
    if (keep)
        hll_push_local(v, i);
}

static void get_local(struct hll_verifier *v)
{
    uint32_t i = local_index(v);

    v->last_to = 0;
    if (!v->m->why)
        hll_push_local(v, i);
}

static void global(struct hll_verifier *v, bool set)
{
    struct hll *m = v->m;
    uint32_t i = hll_u32(m), place;
    bool two;

    if (i >= m->globals)
        hll_refuse(m, "unknown global");
    else if (set && !m->global[i].changes)
        hll_refuse(m, "global is immutable");
    if (m->why)
        return;
    two = m->global[i].type == HLL_I64;
    if (set) {
        place = hll_place(v, hll_pop(v, m->global[i].type));
        hll_emit_op(v, two ? HLL_SET_GLOBAL2 : HLL_SET_GLOBAL);
        hll_emit_place(v, place);
    } else {
        hll_emit_op(v, two ? HLL_GET_GLOBAL2 : HLL_GET_GLOBAL);
        hll_emit_to(v);
    }
    hll_emit(v, i);
    if (!set)
        hll_push(v, m->global[i].type);
}

static void memory_op(struct hll_verifier *v, bool grow)
{
    uint32_t place = 0;

    if (hll_byte(v->m) != 0)
        hll_refuse(v->m, "zero byte expected");
    if (!v->m->has_memory)
        hll_refuse(v->m, "unknown memory");
    if (grow)
        place = hll_place(v, hll_pop(v, HLL_I32));
    hll_emit_op(v, grow ? HLL_MEMORY_GROW : HLL_MEMORY_SIZE);
    hll_emit_to(v);
    if (grow)
        hll_emit_place(v, place);
    hll_push(v, HLL_I32);
}

static void constant64(struct hll_verifier *v)
{
    int64_t value = hll_s64(v->m);

    hll_emit_op(v, HLL_CONSTANT2);
    hll_emit_to(v);
    hll_emit(v, (uint32_t)value);
    hll_emit(v, (uint32_t)((uint64_t)value >> 32));
    hll_push(v, HLL_I64);
}

static void unary(struct hll_verifier *v, enum hll_op op, uint8_t in, uint8_t out)
{
    uint32_t a = hll_place(v, hll_pop(v, in));

    hll_emit_op(v, op);
    hll_emit_to(v);
    hll_emit_place(v, a);
    hll_push(v, out);
}

/* With a second operand that is a constant, the code has that, if there is such an op. */
static void binary(struct hll_verifier *v, enum hll_op op, enum hll_op with_constant,
                   uint8_t in, uint8_t out)
{
    struct hll_operand b = hll_pop(v, in), a = hll_pop(v, in);
    bool direct = b.kind == HLL_CONST && with_constant != op;
    uint32_t a_place = hll_place(v, a);
    uint32_t b_place = direct ? 0 : hll_place(v, b);

    hll_emit_op(v, direct ? with_constant : op);
    hll_emit_to(v);
    hll_emit_place(v, a_place);
    hll_emit(v, direct ? b.ref : b_place * (uint32_t)sizeof(uint32_t));
    hll_push(v, out);
}

static uint32_t memory_argument(struct hll_verifier *v, uint32_t log2)
{
    uint32_t align = hll_u32(v->m);

    if (!v->m->has_memory)
        hll_refuse(v->m, "unknown memory");
    else if (align > log2)
        hll_refuse(v->m, "alignment must not be larger than natural");
    return hll_u32(v->m);
}

static void load(struct hll_verifier *v, enum hll_op op, uint8_t out, uint32_t log2)
{
    uint32_t offset = memory_argument(v, log2);
    uint32_t address = hll_place(v, hll_pop(v, HLL_I32));

    hll_emit_op(v, op);
    hll_emit_to(v);
    hll_emit_place(v, address);
    hll_emit(v, offset);
    hll_push(v, out);
}

static void store(struct hll_verifier *v, enum hll_op op, uint8_t in, uint32_t log2)
{
    uint32_t offset = memory_argument(v, log2);
    uint32_t value = hll_place(v, hll_pop(v, in));
    uint32_t address = hll_place(v, hll_pop(v, HLL_I32));

    hll_emit_op(v, op);
    hll_emit_place(v, address);
    hll_emit_place(v, value);
    hll_emit(v, offset);
}

enum { i32 = HLL_I32, i64 = HLL_I64 };

static void refuse_opcode(struct hll_verifier *v, uint8_t opcode)
{
    bool is_float = opcode == 0x2a || opcode == 0x2b || opcode == 0x38 || opcode == 0x39 ||
                    opcode == 0x43 || opcode == 0x44 || (opcode >= 0x5b && opcode <= 0x66) ||
                    (opcode >= 0x8b && opcode <= 0xbf);

    hll_refuse(v->m, is_float ? "floating point is not supported"
                     : opcode == 0xfc
                         ? "bulk memory and saturating conversions are not supported"
                     : opcode == 0xfd ? "vectors are not supported"
                                      : "illegal opcode");
}

static void compute(struct hll_verifier *v, uint8_t opcode)
{
    switch (opcode) {
#define UNARY(code, name, in, out, result)                                                     \
    case code:                                                                                 \
        unary(v, HLL_##name, in, out);                                                         \
        break;
#define BINARY(code, name, out, result)                                                        \
    case code:                                                                                 \
        binary(v, HLL_##name, HLL_##name##_k, i32, out);                                       \
        break;
#define BINARY64(code, name, out, result)                                                      \
    case code:                                                                                 \
        binary(v, HLL_##name, HLL_##name, i64, out);                                           \
        break;
#define DIVIDE(code, name, type, overflows, result)                                            \
    case code:                                                                                 \
        binary(v, HLL_##name, HLL_##name, type, type);                                         \
        break;
#define LOAD(code, name, out, ctype, log2)                                                     \
    case code:                                                                                 \
        load(v, HLL_##name, out, log2);                                                        \
        break;
#define STORE(code, name, in, ctype, log2)                                                     \
    case code:                                                                                 \
        store(v, HLL_##name, in, log2);                                                        \
        break;
#include "hll_ops.def"
    default: refuse_opcode(v, opcode); break;
    }
}

static void unreachable(struct hll_verifier *v)
{
    hll_emit_op(v, HLL_UNREACHABLE);
    set_unreachable(v);
}

static void drop(struct hll_verifier *v)
{
    v->last_to = 0;
    hll_pop(v, HLL_ANY);
}

static void instruction(struct hll_verifier *v)
{
    uint8_t opcode = hll_byte(v->m);

    switch (opcode) {
    case 0x00: unreachable(v); break;
    case 0x01: break;
    case 0x02: begin_block(v, HLL_BLOCK); break;
    case 0x03: begin_block(v, HLL_LOOP); break;
    case 0x04: begin_block(v, HLL_IF); break;
    case 0x05: begin_else(v); break;
    case 0x0b: end_block(v); break;
    case 0x0c: jump(v); break;
    case 0x0d: jump_if(v); break;
    case 0x0e: jump_table(v); break;
    case 0x0f: do_return(v); break;
    case 0x10: call(v); break;
    case 0x11: call_indirect(v); break;
    case 0x1a: drop(v); break;
    case 0x1b: do_select(v, HLL_ANY); break;
    case 0x1c: select_typed(v); break;
    case 0x20: get_local(v); break;
    case 0x21: set_local(v, false); break;
    case 0x22: set_local(v, true); break;
    case 0x23: global(v, false); break;
    case 0x24: global(v, true); break;
    case 0x3f: memory_op(v, false); break;
    case 0x40: memory_op(v, true); break;
    case 0x41: hll_push_constant(v, (uint32_t)hll_s32(v->m)); break;
    case 0x42: constant64(v); break;
    default: compute(v, opcode); break;
    }
}

static void add_locals(struct hll_verifier *v, uint8_t type, uint32_t n)
{
    for (uint32_t i = 0; i < n && !v->m->why; i++) {
        if (v->place + 2 > HLL_MAX_FRAME) {
            hll_refuse(v->m, "a function of more than 16384 words of locals and operands");
            return;
        }
        v->local[v->locals++] = (struct hll_local){.type = type, .place = (uint16_t)v->place};
        v->place += hll_type_words(type);
    }
}

static void read_locals(struct hll_verifier *v)
{
    struct hll *m = v->m;
    uint32_t groups = hll_count(m, UINT32_MAX, "");
    uint64_t all = 0;

    for (uint32_t i = 0; i < v->f->sig->params; i++)
        add_locals(v, v->f->sig->param[i], 1);
    for (uint32_t i = 0; i < groups && !m->why; i++) {
        uint32_t n = hll_u32(m);
        uint8_t type = hll_value_type(m);

        all += n;
        if (all > UINT32_MAX)
            hll_refuse(m, "too many locals");
        add_locals(v, type, n);
    }
    if (v->locals > v->most_locals)
        v->most_locals = v->locals;
}

/* The function's code begins at an index of its own: 0 ends the chains of fixups. */
static void verify_body(struct hll_verifier *v, struct hll_function *f)
{
    struct hll *m = v->m;
    uint32_t whole = m->end;

    m->at = f->at;
    m->end = f->end;
    v->f = f;
    v->operands = v->controls = v->locals = v->pending = v->words = 0;
    v->place = v->most_place = 0;
    v->code = (uint32_t *)(void *)(m->arena + m->next);
    v->room = (m->size - m->next) / sizeof(uint32_t);
    read_locals(v);
    f->locals = v->place;
    v->most_place = v->place;
    push_control(v, HLL_BLOCK,
                 (struct hll_control){.out = f->sig->result, .outs = f->sig->results});
    while (v->controls > 0 && !m->why)
        instruction(v);
    if (!m->why && m->at != m->end)
        hll_refuse(m, "operators remaining after end of function");
    f->code = hll_take(m, v->words, sizeof(uint32_t));
    f->frame = v->most_place;
    m->code_words += v->words;
    m->end = whole;
}

/* The working memory is at the arena's end, and is zero again afterwards. */
static bool verify_all(struct hll *m, struct hll_verifier *v)
{
    for (uint32_t i = m->imported; i < m->functions && !m->why; i++)
        verify_body(v, &m->function[i]);
    memset(v->operand, 0, v->most_operands * sizeof(*v->operand));
    memset(v->control, 0, v->most_controls * sizeof(*v->control));
    memset(v->local, 0, v->most_locals * sizeof(*v->local));
    return !m->why;
}

enum {
    OPERAND_BYTES = HLL_MAX_FRAME * sizeof(struct hll_operand),
    CONTROL_BYTES = HLL_MAX_NESTING * sizeof(struct hll_control),
    LOCAL_BYTES = HLL_MAX_FRAME * sizeof(struct hll_local),
    WORKING_BYTES = (OPERAND_BYTES + CONTROL_BYTES + LOCAL_BYTES + 15) & ~15,
};

bool hll_verify(struct hll *m)
{
    struct hll_verifier v = {.m = m};
    uint8_t *work;
    bool good;

    if (m->size - m->next < WORKING_BYTES)
        return hll_refuse(m, "the VM's arena has no room to verify a module");
    m->size -= WORKING_BYTES;
    work = m->arena + m->size;
    v.operand = (struct hll_operand *)(void *)work;
    v.control = (struct hll_control *)(void *)(work + OPERAND_BYTES);
    v.local = (struct hll_local *)(void *)(work + OPERAND_BYTES + CONTROL_BYTES);
    good = verify_all(m, &v);
    m->size += WORKING_BYTES;
    return good;
}
