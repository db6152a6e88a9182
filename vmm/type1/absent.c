/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * absent.c - stand-ins for features that type 1 does not have: techniques other than trapping,
 * debugger stops, broken instruction sets, virtio devices, shared pages and paging. The image
 * leaves out their files (CMakeLists.txt lists them). These functions are never called, or answer
 * no.
 */
#include "vmm/board/board.h"
#include "vmm/hybrid.h"
#include "vmm/paging.h"
#include "vmm/para.h"
#include "vmm/parts.h"
#include "vmm/share.h"
#include "vmm/stops.h"
#include "vmm/translate.h"

/* ---- Hypercalls: not offered to any VM (para.c) ---- */

const char *para_name(enum para_function function)
{
    (void)function;
    return "";
}

void para_init(struct vm *vm)
{
    (void)vm;
}

enum para_function para_called(const struct vm *vm)
{
    (void)vm;
    return PARA_FUNCTIONS;
}

void para_load(struct vm *vm)
{
    (void)vm;
}

void para_store(struct vm *vm)
{
    (void)vm;
}

void para_trap_shared(struct vm *vm, const struct trap *trap)
{
    vm_trap(vm, trap);
}

uint32_t para_look(struct vm *vm, uint32_t cause)
{
    (void)vm;
    return cause;
}

struct sbi_result para_update_own(struct para_batch *batch)
{
    (void)batch;
    return (struct sbi_result){.error = SBI_NOT_SUPPORTED};
}

/* ---- Other techniques: not used (translate.c, exec_in_place.c, hybrid.c) ---- */

void translate_choose_in_place(const struct vm *vm, struct engine_space *space)
{
    (void)vm, (void)space;
}

bool exec_in_place(struct exec_env *env, const struct insn *insn)
{
    exec_refuse(env, insn);
    return false;
}

bool translate_ran(struct vm *vm, const struct trap *trap, const struct insn *insn)
{
    (void)vm, (void)trap, (void)insn;
    return false;
}

bool translate_called(struct vm *vm, const struct trap *trap, const struct insn *insn)
{
    (void)vm, (void)trap, (void)insn;
    return false;
}

bool hybrid_interprets(const struct vm *vm)
{
    (void)vm;
    return false;
}

bool hybrid_interprets_own(const struct vm *vm)
{
    (void)vm;
    return false;
}

void hybrid_run(struct vm *vm, uint64_t budget, struct engine_exit *exit)
{
    engine_run(vm->vmm->engine, &vm->cpu->hart, budget, exit);
}

/* ---- Stops: there is no observer (stops.c) ---- */

bool stops_ask(struct vm *vm)
{
    (void)vm;
    return false;
}

bool stops_before(struct vm *vm)
{
    (void)vm;
    return false;
}

void stops_met(struct vm *vm)
{
    (void)vm;
}

void stops_exit(struct vm *vm)
{
    (void)vm;
}

void stops_wrote(struct vm *vm, uint64_t gpa, uint32_t len)
{
    (void)vm, (void)gpa, (void)len;
}

void stops_mapped(struct vm *vm)
{
    (void)vm;
}

void stops_moved(struct vm *vm)
{
    (void)vm;
}

/* ---- Pages stay where they are (share.c, paging.c) ---- */

enum pmap_result share_break(struct vm *vm, struct gpa gpa, struct mpa *mpa)
{
    (void)vm, (void)gpa, (void)mpa;
    return PMAP_NO_MEMORY;
}

void share_release(struct vm *vm, struct mpa page)
{
    (void)vm, (void)page;
}

void share_leave(struct vm *vm)
{
    (void)vm;
}

void share_forget(struct vmm *vmm, struct mpa page)
{
    (void)vmm, (void)page;
}

enum pmap_result paging_in(struct vm *vm, struct gpa gpa, struct mpa *mpa)
{
    (void)vm, (void)gpa, (void)mpa;
    return PMAP_NO_MEMORY;
}

const uint8_t *paging_look(struct vm *vm, struct gpa gpa)
{
    (void)vm, (void)gpa;
    return NULL;
}

void paging_balance(struct vmm *vmm)
{
    (void)vmm;
}

bool paging_drop_tables(struct vm *vm)
{
    (void)vm;
    return false;
}

/* ---- Broken instruction sets: not on a real CPU (variant.c) ---- */

bool variant_refuse(struct exec_env *env, const struct insn *insn)
{
    exec_refuse(env, insn);
    return false;
}

/* ---- Virtio devices: the slots are empty (virtio.c, virtio_mmio.c, virtio_*.c, virtq.c) ---- */

void virtio_init(struct virtio *virtio, unsigned slot, const struct virtio_config *config)
{
    (void)slot;
    virtio->config.legacy = config->legacy;
}

uint32_t virtio_load(struct virtio *virtio, uint32_t offset, unsigned width)
{
    return width == sizeof(uint32_t) ? virtio_identity(virtio, offset) : 0;
}

void virtio_store(struct board *board, struct virtio *virtio, uint32_t offset, unsigned width,
                  uint32_t value)
{
    (void)board, (void)virtio, (void)offset, (void)width, (void)value;
}

uint64_t virtio_resume(struct board *board, struct virtio *virtio, uint64_t now)
{
    (void)board, (void)virtio, (void)now;
    return BOARD_NEVER;
}

bool virtio_listens(const struct board *board, const struct virtio *virtio)
{
    (void)board, (void)virtio;
    return false;
}

void virtio_look(struct board *board, struct virtio *virtio)
{
    (void)board, (void)virtio;
}

void virtio_power_on(struct virtio *virtio)
{
    (void)virtio;
}

void virtio_want(struct virtio *virtio, uint32_t pages)
{
    (void)virtio, (void)pages;
}
