/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.c - fields by tables: a hart's here, each device's its own (vmm/board/state.h). A file may
 * have been made by anybody: values are looked at as if a guest had made them up.
 */
#include "tools/snapshot/state.h"

#include "tools/base/base.h"

/* Instructions: so that sums do not overflow. */
#define COUNT_MOST ((uint64_t)1 << 60)

static const struct state_field hart_fields[] = {
    STATE_ARRAY(struct hart, x),
    STATE_FIELD(struct hart, pc),
    STATE_FIELD(struct hart, mode),
    STATE_FIELD(struct hart, reservation.valid),
    STATE_FIELD(struct hart, reservation.va),
    STATE_FIELD(struct hart, reservation.value),
    STATE_FIELD(struct hart, sstatus),
    STATE_FIELD(struct hart, sie),
    STATE_FIELD(struct hart, sip),
    STATE_FIELD(struct hart, stvec),
    STATE_FIELD(struct hart, sscratch),
    STATE_FIELD(struct hart, sepc),
    STATE_FIELD(struct hart, scause),
    STATE_FIELD(struct hart, stval),
    STATE_FIELD(struct hart, satp),
    STATE_FIELD(struct hart, scounteren),
    STATE_FIELD(struct hart, senvcfg),
    STATE_FIELD(struct hart, retired),
    STATE_FIELD(struct hart, skipped),
    STATE_END,
};

/* The page that it shares with the monitor (vmm/para.h). */
static const struct state_field para_fields[] = {
    STATE_FIELD(struct para_cpu, shared),
    STATE_FIELD(struct para_cpu, exchange),
    STATE_FIELD(struct para_cpu, page),
    STATE_FIELD(struct para_cpu, pending),
    STATE_END,
};

/* The counters go on: with a broken instruction set guests can see them (variant.h). */
static const struct state_field vm_fields[] = {
    STATE_FIELD(struct vm, end),
    STATE_FIELD(struct vm, paused),
    STATE_FIELD(struct vm, wake),
    STATE_FIELD(struct vm, config.shares),
    STATE_FIELD(struct vm, config.cap),
    STATE_FIELD(struct vm, config.reserve),
    STATE_FIELD(struct vm, sched.wants),
    STATE_FIELD(struct vm, sched.ready),
    STATE_FIELD(struct vm, sched.pass),
    STATE_FIELD(struct vm, sched.favour),
    STATE_FIELD(struct vm, sched.tickets),
    STATE_FIELD(struct vm, sched.credit),
    STATE_FIELD(struct vm, sched.turn),
    STATE_FIELD(struct vm, sched.capped),
    STATE_FIELD(struct vm, sched.reserved),
    STATE_FIELD(struct vm, board.restarts),
    STATE_FIELD(struct vm, counters.exits),
    STATE_FIELD(struct vm, counters.emulated),
    STATE_FIELD(struct vm, counters.interpreted),
    STATE_END,
};

/* A clone's network card has an address of its own. */
static const struct state_field card_fields[] = {
    STATE_ARRAY(struct virtio, config.mac),
    STATE_END,
};

static const struct state_field sched_fields[] = {
    STATE_FIELD(struct sched, kind),
    STATE_FIELD(struct sched, charge),
    STATE_FIELD(struct sched, exit_price),
    STATE_FIELD(struct sched, clock),
    STATE_FIELD(struct sched, pass),
    STATE_FIELD(struct sched, random),
    STATE_FIELD(struct sched, turns),
    STATE_FIELD(struct sched, paid),
    STATE_END,
};

/* ---- Fields ---- */

static json_t *values_of(const void *at, const struct state_field *field)
{
    json_t *values = json_array();

    for (unsigned i = 0; i < field->count; i++)
        json_array_append_new(values, json_integer((json_int_t)state_get(at, field, i)));
    return values;
}

static json_t *fields_of(const void *at, const struct state_field *fields)
{
    json_t *object = json_object();

    for (const struct state_field *field = fields; field->name; field++)
        json_put(object, field->name, values_of(at, field));
    return object;
}

static bool fits(uint64_t value, unsigned width)
{
    return width == sizeof value || value >> 8 * width == 0;
}

static bool put_values(void *at, const struct state_field *field, const json_t *values)
{
    if (json_array_size(values) != field->count)
        return false;
    for (unsigned i = 0; i < field->count; i++) {
        const json_t *value = json_array_get(values, i);

        if (!json_is_integer(value) || !fits((uint64_t)json_integer_value(value), field->width))
            return false;
        state_set(at, field, i, (uint64_t)json_integer_value(value));
    }
    return true;
}

static bool put_fields(void *at, const struct state_field *fields, const json_t *object)
{
    for (const struct state_field *field = fields; field->name; field++)
        if (!put_values(at, field, json_object_get(object, field->name)))
            return false;
    return true;
}

/* ---- One VM ---- */

static json_t *harts_of(const struct vm *vm)
{
    json_t *list = json_array();

    for (unsigned id = 0; id < vm->board.harts.count; id++)
        json_array_append_new(list, fields_of(&vm->vcpus[id].hart, hart_fields));
    return list;
}

static json_t *shared_of(const struct vm *vm)
{
    json_t *list = json_array();

    for (unsigned id = 0; id < vm->board.harts.count; id++)
        json_array_append_new(list, fields_of(&vm->vcpus[id].para, para_fields));
    return list;
}

static json_t *part_of(const struct state_part *part)
{
    json_t *object = json_object();

    json_put_text(object, "part", part->name);
    json_put_number(object, "index", part->index);
    json_put(object, "state", fields_of(part->at, part->fields));
    return object;
}

static json_t *parts_of(struct board *board)
{
    json_t *list = json_array();
    struct state_part part;

    for (unsigned i = 0; board_part(board, i, &part); i++)
        json_array_append_new(list, part_of(&part));
    return list;
}

static json_t *cards_of(const struct board *board)
{
    json_t *list = json_array();

    for (unsigned slot = 0; slot < board->fitted; slot++)
        if (board->slots[slot].config.device == VIRTIO_NET)
            json_array_append_new(list, fields_of(&board->slots[slot], card_fields));
    return list;
}

json_t *state_vm(struct vm *vm)
{
    json_t *object = json_object();

    json_put(object, "vm", fields_of(vm, vm_fields));
    json_put(object, "harts", harts_of(vm));
    json_put(object, "para", shared_of(vm));
    json_put(object, "board", parts_of(&vm->board));
    json_put(object, "cards", cards_of(&vm->board));
    return object;
}

/* ---- And back ---- */

/* Registers hold only what a guest could have written to them. */
static bool hart_is_legal(const struct hart *hart)
{
    const enum csr_id written[] = {CSR_sstatus, CSR_sie,        CSR_stvec,
                                   CSR_sepc,    CSR_scounteren, CSR_senvcfg};
    const uint32_t sip = IRQ_BIT(IRQ_SSOFT) | IRQ_BIT(IRQ_STIMER) | IRQ_BIT(IRQ_SEXT);
    struct hart legal;

    hart_reset(&legal, hart->pc);
    for (unsigned i = 0; i < sizeof written / sizeof written[0]; i++) {
        csr_write(&legal, written[i], csr_read(hart, written[i]));
        if (csr_read(&legal, written[i]) != csr_read(hart, written[i]))
            return false;
    }
    return !hart->x[0] && !(hart->pc & 1) && hart->mode <= HART_SUPERVISOR &&
           !(hart->sip & ~sip) && hart->retired < COUNT_MOST;
}

static bool put_harts(struct vm *vm, const json_t *list)
{
    if (json_array_size(list) != vm->board.harts.count)
        return false;
    for (unsigned id = 0; id < vm->board.harts.count; id++) {
        struct hart *hart = &vm->vcpus[id].hart;

        if (!put_fields(hart, hart_fields, json_array_get(list, id)) || !hart_is_legal(hart))
            return false;
    }
    return true;
}

/* Only a guest of hypercalls shares one, and it would miss them under another monitor. */
static bool para_is_legal(const struct vm *vm, const struct para_cpu *para)
{
    if (!para->shared)
        return !para->page && !para->exchange && !para->pending;
    return vm->config.monitor == VM_PARA && !(para->page & PAGE_MASK) && para->exchange < 32;
}

static bool put_shared(struct vm *vm, const json_t *list)
{
    if (json_array_size(list) != vm->board.harts.count)
        return false;
    for (unsigned id = 0; id < vm->board.harts.count; id++) {
        struct para_cpu *para = &vm->vcpus[id].para;

        if (!put_fields(para, para_fields, json_array_get(list, id)) ||
            !para_is_legal(vm, para))
            return false;
    }
    return true;
}

static bool put_part(const struct state_part *part, const json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "part"));
    const json_t *index = json_object_get(object, "index");

    return name && !strcmp(name, part->name) && json_is_integer(index) &&
           json_integer_value(index) == part->index &&
           put_fields(part->at, part->fields, json_object_get(object, "state"));
}

static bool put_parts(struct board *board, const json_t *list)
{
    struct state_part part;
    unsigned i = 0;

    for (; board_part(board, i, &part); i++)
        if (!put_part(&part, json_array_get(list, i)))
            return false;
    return json_array_size(list) == i;
}

static bool put_cards(struct board *board, const json_t *list)
{
    size_t seen = 0;

    for (unsigned slot = 0; slot < board->fitted; slot++)
        if (board->slots[slot].config.device == VIRTIO_NET &&
            !put_fields(&board->slots[slot], card_fields, json_array_get(list, seen++)))
            return false;
    return json_array_size(list) == seen;
}

static bool harts_are_legal(const struct harts *harts)
{
    for (unsigned id = 0; id < harts->count; id++) {
        uint8_t state = harts->of[id].state;

        if (state > HARTS_SUSPENDED || state == HARTS_SUSPENDED - 1)
            return false;
    }
    return harts->wanted && harts->wanted <= harts->count && harts->current < harts->count &&
           harts->elsewhere < COUNT_MOST && (harts->count > 1 || harts->end == UINT64_MAX);
}

static bool limits_are_legal(const struct board *board)
{
    for (unsigned i = 0; i < LIMITS; i++)
        if (!limit_is_legal(&board->limits[i]))
            return false;
    return true;
}

/* Power is on as long as the VM has not ended. */
static bool board_is_legal(const struct board *board, enum vm_end end)
{
    return (end != VM_RUNS || board->power == BOARD_ON) && board->power < BOARD_RESTART &&
           board->console.ahead >= -1 && board->console.ahead <= UINT8_MAX &&
           board->console.ended <= 1 &&
           board->console.uart.count <= sizeof board->console.uart.looped &&
           harts_are_legal(&board->harts) && limits_are_legal(board);
}

static bool is_fraction(uint32_t percent)
{
    return percent <= 100;
}

static bool sched_is_legal(const struct vm *vm)
{
    return vm->config.shares && vm->config.shares <= VM_SHARES_MOST &&
           is_fraction(vm->config.cap) && is_fraction(vm->config.reserve) &&
           vm->sched.tickets <= COUNT_MOST >> 30 && vm->sched.credit < (int64_t)COUNT_MOST &&
           vm->sched.credit > -(int64_t)COUNT_MOST && vm->sched.capped < COUNT_MOST &&
           vm->sched.reserved < COUNT_MOST;
}

bool state_vm_restore(struct vm *vm, const json_t *fields)
{
    const struct board *board = &vm->board;

    if (!put_fields(vm, vm_fields, json_object_get(fields, "vm")) ||
        !put_parts(&vm->board, json_object_get(fields, "board")) ||
        !put_cards(&vm->board, json_object_get(fields, "cards")) ||
        !put_harts(vm, json_object_get(fields, "harts")) ||
        !put_shared(vm, json_object_get(fields, "para")))
        return false;
    board_restored(&vm->board);
    vm->cpu = &vm->vcpus[board->harts.current < board->harts.count ? board->harts.current : 0];
    return vm->end < VM_ENDS && (!vm->wake || vm->wake >= hart_time(&vm->cpu->hart)) &&
           sched_is_legal(vm) && board_is_legal(board, (enum vm_end)vm->end);
}

/* ---- The turn ---- */

json_t *state_turn(const struct vmm *vmm, const struct vm *vms)
{
    json_t *object = json_object();

    json_put(object, "vm", vmm->turn.vm ? json_integer(vmm->turn.vm - vms) : json_null());
    json_put_number(object, "start", vmm->turn.start);
    json_put_number(object, "end", vmm->turn.end);
    json_put_number(object, "exits", vmm->turn.exits);
    json_put(object, "sched", fields_of(&vmm->sched, sched_fields));
    return object;
}

static bool get_count(const json_t *fields, const char *name, uint64_t *value)
{
    const json_t *field = json_object_get(fields, name);

    *value = (uint64_t)json_integer_value(field);
    return json_is_integer(field);
}

static bool get_sched(struct sched *sched, const json_t *fields)
{
    return put_fields(sched, sched_fields, json_object_get(fields, "sched")) &&
           sched->kind < SCHEDS && sched->charge < SCHED_CHARGES && sched->clock < COUNT_MOST &&
           sched->exit_price <= SCHED_EXIT_PRICE_MOST;
}

bool state_turn_restore(struct vmm *vmm, struct vm *vms, const json_t *fields)
{
    const json_t *whose = json_object_get(fields, "vm");
    struct vmm_turn turn = {0};
    struct vm *vm;
    uint64_t k;

    vmm->turn = (struct vmm_turn){0};
    if (!get_count(fields, "start", &turn.start) || !get_count(fields, "end", &turn.end) ||
        !get_count(fields, "exits", &turn.exits) || !get_sched(&vmm->sched, fields))
        return false;
    if (json_is_null(whose))
        return true;
    if (!get_count(fields, "vm", &k) || k >= vmm->vm_count)
        return false;
    vm = turn.vm = &vms[k];
    if (!vm_alive(vm) || vm->wake || turn.start > vm_retired(vm) ||
        turn.end <= vm_retired(vm) || turn.exits > vm->counters.exits)
        return false;
    turn.began = vmm->sched.clock;
    vmm->turn = turn;
    return true;
}
